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
COOKIES_ENABLED = False
REFERER_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5
# In the order of the listing, newest first: Scrapy's default asks for the last link first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml;q=0.8,*/*;q=0.1",
}

# Retries and pauses are those of crawler/patience.py.
RETRY_ENABLED = False
RETRY_TIMES = 1
PAUSE_SECONDS = 2.0
PAUSE_LONGEST = 20.0

# Bounds. DOWNLOAD_TIMEOUT counts the whole answer. With Scrapy's DOWNLOAD_MAXSIZE (1 GiB) a packed
# body of 1 MB took 2.1 GB of memory; with this one 102 MB.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 << 20
DOWNLOAD_WARNSIZE = 0
CLOSESPIDER_TIMEOUT = 3 * 3600

# What is off: everything that runs code for others, reads files, or goes around the guard.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.heads.BoundedHeads",
    "https": "crawler.heads.BoundedHeads",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.guard.ReactorResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "crawler.guard.WithinSource": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.patience.PatienceMiddleware": 550,
    "crawler.rendering.RenderingMiddleware": 540,
    "crawler.guard.GuardMiddleware": 951,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
}

# What a callback yields is taken up one by one, and its source is not read for a `return`: with Scrapy's
# defaults each answer starts a hundred tasks and has its callback parsed anew, a third of all its CPU.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False

# Every answer is a visit to be kept, whatever its status.
HTTPERROR_ALLOW_ALL = True

LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
