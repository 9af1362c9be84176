"""Scrapy's own settings: manners and bounds. A run sets the rest (crawler/run.py)."""

BOT_NAME = "csto-watch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Manners. robots.txt is obeyed by our own middleware: Scrapy's allows everything when the server fails.
# No jitter: a Crawl-delay is a least distance, and Scrapy's would halve it now and then.
ROBOTSTXT_OBEY = False
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 0
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.0
REFERER_ENABLED = False
REDIRECT_MAX_TIMES = 5
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml;q=0.8,*/*;q=0.1",
}

# Retries and pauses are those of crawler/patience.py.
RETRY_TIMES = 1
PAUSE_SECONDS = 2.0
PAUSE_LONGEST = 20.0

# Bounds. DOWNLOAD_TIMEOUT counts the whole answer. With Scrapy's DOWNLOAD_MAXSIZE (1 GiB) a packed
# body of 1 MB took 2.1 GB of memory; with this one 102 MB.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 << 20
DOWNLOAD_WARNSIZE = 0
RUN_SECONDS = 3 * 3600

# What there is, and no more: Scrapy's own lists are replaced, not added to. What they hold beside would
# run code for others, read files, keep cookies, retry, or go around the guard; and what is switched off
# in them is imported all the same, for half a second at the start of every run.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS_BASE: dict[str, str] = {}
DOWNLOAD_HANDLERS = {"http": "crawler.heads.BoundedHeads", "https": "crawler.heads.BoundedHeads"}
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.guard.ReactorResolver"
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.WithinSource": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.rendering.RenderingMiddleware": 540,
    "crawler.patience.PatienceMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "crawler.guard.GuardMiddleware": 951,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
# Nobody asks for Scrapy's counts: what came is in the archive.
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"

LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
