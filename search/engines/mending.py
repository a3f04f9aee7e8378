"""What an operator is told of an index that a rebuild would not mend, by engine and reason of IndexUnavailable."""

FOLDER = "索引文件夹写不进去：请检查 DATA_DIR/index 的所有者、权限和磁盘。"
SENTENCES = {
    "embedded": {
        "unreachable": FOLDER,
        "readonly": FOLDER,
        "busy": "索引正被别的进程占用，请稍后再试。",
        "full": "存放索引的磁盘满了：请腾出空间。",
        "failed": "检索没有办成，请看后面的原因和日志。",
    },
    "elasticsearch": {
        "unreachable": "检索服务连不上：请检查 ELASTICSEARCH_URL、证书、密钥和集群。",
        "busy": "检索服务现在太忙，请稍后再试。",
        "full": "检索服务的磁盘快满了，只能读不能写：请腾出空间。",
        "readonly": "检索服务的索引被设成只读（index.blocks）或关闭了：请改回来。",
        "failed": "检索服务没有办成，请看后面的原因和它的日志。",
    },
}
REBUILD = "检索索引不可用，请运行 manage.py search rebuild。"


def mending(engine: str, reason: str) -> str:
    """One sentence on what would help."""
    return SENTENCES.get(engine, {}).get(reason, REBUILD)
