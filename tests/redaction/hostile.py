"""What text that is made to break a reader is made of."""

UNITS = [
    *("a", "1 ", "((((", "A ", "@.", "a.b@", "é", "e\u0301", "\\x41", "%41", "&#65;", "Mr ", "SMITH, John "),
    *(
        "name,from\nBo,Al\n",
        "Bob: y\n",
        "@ab1 ",
        "£1 ",
        "12 High ",
        "double oh ",
        "co-op-",
        "A. ",
        "forty two high road ",
        "1: a ",
        "<c v='a'/>",
        "eins ",
        "12, ",
        "(3-2) ",
        "Ab1",
    ),
]
