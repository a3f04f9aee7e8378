"""Words of the trade that no table holds: how subjects, kinds and stages are called, and what is said around them."""

from collections.abc import Mapping


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "政治": ("思想政治", "道德与法治"),
    "思政": ("思想政治", "道德与法治"),
    "道法": ("道德与法治",),
    "品德": ("道德与法治",),
    "思品": ("道德与法治",),
    "思想品德": ("道德与法治",),
    "生物": ("生物学",),
    "信息": ("信息技术",),
    "信息科技": ("信息技术",),
    "通技": ("通用技术",),
    "体育": ("体育与健康",),
    "外语": ("英语", "俄语", "日语"),
    "英文": ("英语",),
    "小英": ("英语",),
    "english": ("英语",),
    "chinese": ("语文",),
    "math": ("数学",),
    "maths": ("数学",),
    "mathematics": ("数学",),
    "physics": ("物理",),
    "chemistry": ("化学",),
    "biology": ("生物学",),
    "history": ("历史",),
    "geography": ("地理",),
    "science": ("科学",),
    "music": ("音乐",),
    "pe": ("体育与健康",),
    "physical education": ("体育与健康",),
    "书法": ("语文·书法练习指导",),
    "教育技术": ("教育技术学",),
    "电商": ("电子商务",),
    "理综": ("物理", "化学", "生物学"),
    "理化生": ("物理", "化学", "生物学"),
    "数理化": ("数学", "物理", "化学"),
    "理化": ("物理", "化学"),
    "文综": ("思想政治", "道德与法治", "历史", "地理"),
    "政史地": ("思想政治", "道德与法治", "历史", "地理"),
    "史地政": ("思想政治", "道德与法治", "历史", "地理"),
    "史地": ("历史", "地理"),
    "语数外": ("语文", "数学", "英语"),
    "语数英": ("语文", "数学", "英语"),
    "数语外": ("语文", "数学", "英语"),
    "音体美": ("音乐", "体育与健康", "美术"),
    "体音美": ("音乐", "体育与健康", "美术"),
}
"""Names beside the table's own -> names in the table; those that the table lacks are left out."""

WEAK_SUBJECTS = frozenset({"健康", "语言", "社会", "艺术", "护理", "信息"})
"""Also everyday words: a subject only where they stand alone."""

STAGES: Mapping[str, tuple[str, ...]] = {  # word -> codes without -54
    "幼儿园": ("preschool",),
    "幼教": ("preschool",),
    "学前": ("preschool",),
    "学前班": ("preschool",),
    "学前教育": ("preschool",),
    "小学": ("primary",),
    "初中": ("junior",),
    "高中": ("senior",),
    "普高": ("senior",),
    "中学": ("junior", "senior"),
    "中职": ("vocational",),
    "职高": ("vocational",),
    "中专": ("vocational",),
    "职教": ("vocational",),
    "职校": ("vocational",),
    "职业高中": ("vocational",),
    "kindergarten": ("preschool",),
    "preschool": ("preschool",),
    "primary school": ("primary",),
    "elementary school": ("primary",),
    "junior high": ("junior",),
    "middle school": ("junior",),
    "senior high": ("senior",),
    "high school": ("senior",),
    "高校": ("higher",),
    "大学": ("higher",),
    "本科": ("higher",),
    "高职": ("higher",),
    "高职院校": ("higher",),
    "高专": ("higher",),
    "大专": ("higher",),
    "高等教育": ("higher",),
    "高等学校": ("higher",),
}

TIERS: Mapping[str, str] = {
    "国家级": "nation",
    "省级": "province",
    "市级": "city",
    "区级": "county",
    "县级": "county",
    "区县级": "county",
    "校级": "school",
}
"""Who judged a work. 国家 and 学校, as the filter calls them, are everyday words."""

YEARS: Mapping[str, int] = {"今年": 0, "去年": 1, "前年": 2}
"""How many years before this one."""

SCHOOLS = frozenset({"小学", "中学", "大学", "幼儿园"})
"""End the names of schools: no stage right behind words that say nothing else."""

HOUSES = ("出版社", "学院", "协会", "学会", "研究会", "附中", "附小")
"""Begin with a subject and are none of its things: 语文出版社, 美术学院."""

BEHIND_KINDS = _listed("研究 综述 写作 撰写 制作 大赛 比赛 评选 评比 征集 分析 管理 批改 批阅 布置 培训")
"""What is done with works of a kind or a type, and is another matter than they: 论文写作, 课件制作, 案例评选."""

KINDS: Mapping[str, str] = {
    "微课": "micro_course",
    "微课程": "micro_course",
    "微视频": "micro_course",
    "视频": "micro_course",
    "教学视频": "micro_course",
    "应用案例": "case_study",
    "案例": "case_study",
    "论文": "research_outcome",
    "研究成果": "research_outcome",
    "应用研究成果": "research_outcome",
}

TYPES: Mapping[str, tuple[str, ...]] = {
    "教案": ("teaching_design",),
    "教学设计": ("teaching_design",),
    "教学方案": ("teaching_design",),
    "教学案": ("teaching_design",),
    "导学案": ("teaching_design",),
    "学案": ("teaching_design",),
    "说课稿": ("teaching_design",),
    "备课": ("teaching_design",),
    "课件": ("courseware",),
    "ppt": ("courseware",),
    "pptx": ("courseware",),
    "幻灯片": ("courseware",),
    "ppt课件": ("courseware",),
    "演示文稿": ("courseware",),
    "练习": ("exercise",),
    "练习题": ("exercise",),
    "习题": ("exercise",),
    "作业": ("exercise",),
    "作业设计": ("exercise",),
    "习题设计": ("exercise",),
    "练习设计": ("exercise",),
    "分层作业": ("exercise",),
    "分层作业设计": ("exercise",),
    "题组": ("exercise",),
    "试卷": ("assessment",),
    "卷子": ("assessment",),
    "测试卷": ("assessment",),
    "测试题": ("assessment",),
    "检测题": ("assessment",),
    "单元测试": ("assessment",),
    "单元测试卷": ("assessment",),
    "单元卷": ("assessment",),
    "考卷": ("assessment",),
    "期中卷": ("assessment",),
    "期末卷": ("assessment",),
    "月考卷": ("assessment",),
    "试题": ("assessment", "exercise"),
    "试题试卷": ("assessment",),
    "素材": ("material",),
    "文献": ("literature",),
    "lesson plan": ("teaching_design",),
    "slides": ("courseware",),
    "益智游戏": ("game",),
    "专利": ("patent",),
}

WEAK_KINDS = frozenset({"备课", "视频"})
"""Also what is done, or what is taught: a kind only where they stand alone."""

COMPOUNDS = _listed("""
    项目化学习 项目式学习 项目学习 数学建模 数学广角 数学活动 数学家 文学家 历史学家 物理学家 生物学家
    化学家 地理学家 音乐家 美术家 数学史 数学思想 数学归纳法 语文园地 语文素养 英语角 物理变化 物理量
    物理性质 化学方程式 化学式 化学键 化学反应 化学平衡 化学变化 化学性质 化学用语 化学计量 生物圈
    生物多样性 生物技术 生物体 生物入侵 地理位置 地理信息 地理环境 历史人物 历史背景 历史唯物主义
    科学记数法 科学计数法 科学家 科学精神 科学方法 科学探究 音乐会 美术字 艺术字 信息系统 信息安全
    信息素养 政治制度 政治家 政治生活 社会主义 社会保障 社会规则 语言描写 健康生活 体育精神 体育锻炼
    微课程 练习曲 作业帮 案例库 社会实践 数学文化 课件库 试题库 素材库 文献库 开学第一课
    一般现在时 一般过去时 一般将来时 现在进行时 过去进行时 现在完成时 过去完成时 过去时 过去式
""")
"""Words that begin like a subject, a kind or another word and are something else."""

OCCASIONS = _listed("""
    期末 期中 期初 开学 月考 周考 周测 单元 假期 寒假 暑假 中考 高考 会考 学考 小升初 模拟 一模 二模 三模 联考 统考
""")
"""When something is used, and no subject matter: whoever wants a paper for 期末 wants a paper before anything else in
which 期末 stands."""

SPOKEN_GRADES: Mapping[str, int] = {
    **{f"{stage}{year}": 40 for stage in "初高" for year in "一二三"},
    **{f"{year}{half}": 1 for year in "一二三四五六七八九" for half in "上下"},
}
"""Grades as people say them, which no table holds, and what each counts beside words of the same sound."""

COMMON = _listed("""
    为什么 什么 怎么 教学 学习 课堂 课程 上课 备课 老师 教师 学生 同学 孩子 小朋友 宝宝 家长 知识 知识点 内容
    问题 方法 活动 设计 分析 总结 复习 练习 作业 考试 测试 游戏 故事 人物 作者 课文 文章 教材
    单元 章节 专题 整理 题目 例题 答案 解析 讲解 说明 介绍 幼儿 入门 学会 寻找 认识 理解 应用 综合
    实践 数学活动 学校 班级 年级 学期 学科 目标 过程 评价 反思 案例 资源 视频 图片 动画 方案
    基础 管理 计划 比赛 规则 我们 生活 世界 中国 时间 今天 阅读 写作 实验 语法
""")
"""Stand in many titles and many questions: no topic by which alone anything could be found."""

LITTLE = _listed("a an the of to in on at is are and or for with about my your")
"""English words that no work is found by."""

NOISE = _listed("""
    请 请问 有没有老师有 有没有 老师有 帮我找一下 帮忙找一下 看一下 推荐一下 帮忙 有没 有吗 谁有 关于 有关 相关
    相关的 求一份 求 跪求 急需 急求 我想找 我想要 我要找 我要 我想 想要 想找 想看看 想看 想 帮我找 帮我
    找一下 找 一下 一份 一个 几个 几份 推荐 给我 哪里可以下载 哪里可以 哪里有 哪里 可以下载 下载 免费 最新
    优质 优秀 精品 经典 完整版 word版 电子版 高清 全套 大全 打包 资料 资源 教学资源 公开课 优质课 示范课
    优课 一师一优课 这节课 这一课 怎么教 怎么上 怎么写 怎么 怎样教 如何教 如何上好 如何上 如何 有哪些 哪些 别人
    老师们 同学们 能不能 分享一下 分享 的课 比较好
    老师您好 老师好 老师 您好 你好 谢谢 多谢 麻烦 大家 的教学 学期资料 教科书
""")
"""What people say around what they want. Dropped where something else is left."""

UNSAID = _listed("""
    为什么 什么 怎么 怎么办 怎样 如何 多少 哪些 哪个 几个 一些 这个 那个 起来 出来 应该 需要 可以 比较 真的 一下 基于
    我们 我 你 他 她 它 自己 大家 别人 老师 教师 学生 同学 孩子 小孩 小朋友 宝宝 家长 家里 学校 班级 年级 学期
    今年 去年 明年 今天 明天 昨天 最近 现在 本学期 上学期 下学期 上半年 下半年 月份
    教学 学习 课堂 课程 上课 知识 知识点 内容 问题 方法 答案 解析 讲解 说明 介绍 学会 认识 理解 整理 目标
    请 来 要 学 上 下 做 用 给 让 把 有 没 不 会 能 是 在 到 从 对 为 就 都 也 还 很 太 好 难 该 想 讲 教 看 听 说
    这 那 哪 里 个 份 些 几 年 月 日 课 题
""")
"""Say nothing of what is wanted beside a grade, a subject or a kind: whoever writes 孩子上三年级数学怎么办 wants 三年级
and 数学. No word that names something to be found, such as 实验 or 故事."""
