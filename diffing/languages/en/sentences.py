"""English: abbreviations and the words that begin or end a sentence."""

from __future__ import annotations

from diffing.languages.sentences import SentenceWords, words

__all__ = ["SENTENCES"]

SENTENCES = SentenceWords(
    leading=words(
        "mr mrs ms mx dr prof rev hon st messrs mme mlle fr gen col lt maj capt cpt cmdr cdr adm brig sgt "
        "cpl pvt pfc ens commo gov sen rep pres amb sec-gen dep asst supt insp det atty vice-adm rear-adm "
        "lieut marsh mar-gen vs v cf e.g i.e eg ie viz ca approx incl excl esp univ dept div mt ft gov-gen "
        "fig figs"
    ),
    numbering=words(
        "no nos art arts p pp par para sec vol ch cl item app res fig figs eq ed jan feb mar apr jun jul "
        "aug sep sept oct nov dec tel ext r"
    ),
    closing=words(
        "etc a.m p.m am pm et al km kg hrs hr min mins sq ft lb lbs bn mln thsd pct percent b.c a.d"
    ),
    conjunctions=(" and",),
    joining=words(
        "u.s u.k u.n e.u u.s.a u.s.s.r usa d.c n.y l.a ph.d m.d b.a m.a inc ltd co corp bros jr sr esq ave "
        "blvd rd hwy plc llc gmbh mil assn intl govt natl min rgt bde coy u.a.e c.i.s"
    ),
    openers=words(
        "the a an this that these those it its he she his her they their we our i you your there here in on "
        "at by for from to with within without during after before since until till under over about among "
        "between against as if when while where whereas although though because despite however meanwhile "
        "moreover furthermore therefore thus then also but and or so yet still according each every all "
        "both some many most more several such no not only once today now what who which why how another "
        "other one two three four five it's he's they're we're"
    ),
    speech=words(
        "said says say asked asks ask told tells added adds replied answered stressed noted explained "
        "exclaimed wondered concluded stated wrote declared emphasized emphasised shouted cried remarked "
        "continued recalled commented"
    ),
    binding=words(
        "the a an of to in on at by for from with and or nor but as into onto upon within without during "
        "between among against under until till via per than that which whose who whom where when while if "
        "its their his her our my your these those this is are was were be been being has have had will "
        "would shall should might can could must not also both each every no such about"
    ),
    digraphs=words("zh sh ch kh yu ya ts ye dzh shch th ph"),
)
