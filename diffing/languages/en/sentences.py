"""English: abbreviations and the words that begin or end a sentence."""

from __future__ import annotations

from diffing.languages.sentences import SentenceWords, words

__all__ = ["SENTENCES"]

SENTENCES = SentenceWords(
    leading=words(
        "vs v cf e.g i.e eg ie viz ca approx incl excl esp a.k.a aka ibid reg iss ser fig figs mt ft"
    ),
    titles=words(
        "def mr mrs ms mx dr prof rev hon st messrs mme mlle fr gen col lt maj capt cpt cmdr cdr adm brig "
        "sgt cpl pvt pfc spc wo cwo ens commo gov sen pres amb sec-gen dep asst supt insp det atty "
        "vice-adm rear-adm sec lieut marsh mar-gen gov-gen drs profs gens cols sens reps govs"
    ),
    determiners=words(
        "the this that these those his its their our my it they since after before until during then when "
        "while both also for from with under"
    ),
    numbering=words(
        "no nos art arts p pp par para paras sec secs vol vols ch chs cl apt bldg rm app fig figs eq ed "
        "mk jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues thu thur thurs fri tel ext r"
    ),
    closing=words(
        "etc a.m p.m am pm et al km kms kg kgs hrs hr min mins sec secs pts kph kmh mph sq ft lb lbs bn mln "
        "thsd pct percent b.c a.d ave blvd rd hwy inc ltd co corp plc llc gmbh ph.d"
    ),
    hours=words("a.m p.m am pm"),
    after_hours=words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
        "august september october november december gmt utc msk cet cest eet est edt et bst"
    ),
    hour_noun="time",
    compound=words("hrs hr ft lb lbs bn mln thsd"),
    conjunctions=(" and",),
    joining=words(
        "u.s u.k u.n e.u u.s.a u.s.s.r usa d.c n.y n.j l.a m.d b.a m.a bros jr sr esq utd mil assn intl "
        "govt natl min rgt regt bde bn coy inf arty mech armd ret res rep dept univ div acad sci "
        "u.a.e c.i.s ref fed calif fla mich minn conn colo ariz tenn "
        "okla wis va ga pa ky vt neb nev tex md kan mont"
    ),
    openers=words(
        "the a an this that these those it its he she his her they their we our i you your there here in "
        "on at by for from to with within without during after before since until till under over about "
        "among between against as if when while where whereas although though because despite however "
        "meanwhile moreover furthermore therefore thus then also but and or so yet still according each "
        "every all both some many most more several such no not only once today now what who which why "
        "how another other one two three four five six seven eight nine ten it's he's they're we're "
        "earlier later recently finally currently additionally similarly overall following prior either "
        "neither any few nobody none nothing everyone everything everybody somebody something someone "
        "nevertheless nonetheless consequently accordingly besides indeed otherwise instead perhaps "
        "throughout upon along alongside given unlike including unless whether whenever wherever did does "
        "do is are was were has have had can could would should let"
    ),
    names=words(
        "russia belarus armenia kazakhstan kyrgyzstan tajikistan uzbekistan turkmenistan azerbaijan "
        "georgia moldova ukraine china india pakistan iran iraq afghanistan mongolia serbia turkey "
        "turkiye cuba syria israel egypt japan germany france britain italy poland europe asia csto nato "
        "osce brics moscow minsk yerevan astana almaty bishkek dushanbe tashkent beijing washington "
        "london sweden norway finland denmark iceland estonia latvia lithuania czechia slovakia hungary "
        "romania bulgaria greece cyprus albania montenegro croatia slovenia austria switzerland spain "
        "portugal ireland belgium netherlands luxembourg canada mexico brazil argentina australia vietnam "
        "thailand indonesia malaysia singapore philippines lebanon jordan yemen qatar libya sudan somalia "
        "ethiopia kenya nigeria mali kosovo"
    ),
    short_names=words("xi li wu hu ma oh yi ri le vo ho yu an bo he lu do to"),
    regions=words(
        "d.c n.y n.j calif fla mich minn conn colo ariz tenn okla wis va ga pa ky vt neb nev tex md kan mont"
    ),
    suffixes=words("co ltd inc corp llc plc gmbh"),
    offices=words(
        "vice chief chairman chairwoman chairperson ceo cfo coo executive managing spokesman spokeswoman"
    ),
    lettered=words(
        "group groups plan phase stage company battery team unit squad platoon section class category level "
        "grade type kind option variant model version vitamin hepatitis annex appendix attachment part zone "
        "sector area point hall block building gate league division column route exercise figure table war"
    ),
    surname_ends=tuple(words("ov ova yev yeva aev aeva sky skiy skaya enko chuk yuk dze shvili")),
    speech=words(
        "said says say asked asks ask told tells added adds replied answered stressed noted explained "
        "exclaimed wondered concluded stated wrote declared emphasized emphasised shouted cried remarked "
        "continued recalled commented"
    ),
    objects=words("this that it so nothing"),
    binding=words(
        "the a an of to in on at by for from with and or nor but as into onto upon within without during "
        "between among against under until till via per than that which whose who whom where when while if "
        "its their his her our my your these those this is are was were be been being has have had will "
        "would shall should might can could must not also both each every no such about"
    ),
    digraphs=words("zh sh ch kh yu ya ts ye dzh shch th ph"),
)
