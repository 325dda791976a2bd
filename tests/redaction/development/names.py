"""Names by origin: from `faker`'s locales where it writes them in Latin letters, else from lists written for this set."""

from collections.abc import Iterator

FAKER = {
    "English": "en_GB", "Irish": "en_IE", "American": "en_US", "Polish": "pl_PL", "Romanian": "ro_RO",
    "Hungarian": "hu_HU", "Czech": "cs_CZ", "Lithuanian": "lt_LT", "Latvian": "lv_LV", "German": "de_DE",
    "French": "fr_FR", "Spanish": "es_ES", "Italian": "it_IT", "Portuguese": "pt_PT", "Brazilian": "pt_BR",
    "Dutch": "nl_NL", "Swedish": "sv_SE", "Finnish": "fi_FI", "Turkish": "tr_TR", "Indian": "en_IN",
    "Vietnamese": "vi_VN", "Indonesian": "id_ID", "Filipino": "fil_PH", "Yoruba": "yo_NG", "Zulu": "zu_ZA",
    "Croatian": "hr_HR",
}  # fmt: skip
"""Origin to locale."""

_LISTS = {
    "Welsh": (
        "Rhys Siân Gethin Eleri Iolo Angharad Emyr Lowri Dafydd Nerys Gwilym Bethan Hywel Ffion Idris Mair Eurig Non",
        "Llewellyn Prydderch ap-Gwilym Bevan Cadwaladr Gittins Penry Tudur Eynon Mostyn Parry Beddoe Gwynne Trahaearn",
    ),
    "Scottish": (
        "Hamish Eilidh Ruaridh Morag Fergus Catriona Lachlan Mhairi Struan Ailsa Torquil Iona Gregor Kirsty",
        "McAllister MacGillivray Buchanan Farquharson Drummond McCrimmon Auchterlonie Kinnaird Colquhoun Menzies Urquhart Leckie",
    ),
    "Nigerian": (
        "Chukwuemeka Ngozi Obinna Adaeze Ikechukwu Folasade Babatunde Yetunde Olumide Nkechi Tunde Chidinma Uche Aminat",
        "Okonkwo Eze Adeyemi Nwachukwu Balogun Obi Ogunleye Afolabi Ibekwe Danjuma Onyekachi Akintola Bello Uzoma",
    ),
    "Ghanaian": (
        "Kwame Abena Kofi Akosua Kwabena Esi Yaw Adwoa Kojo Afua Ekow Maame Nii Akua",
        "Mensah Boateng Owusu Asante Appiah Osei Agyeman Ofori Amoako Darko Quaye Tetteh Addo Nkrumah",
    ),
    "Somali": (
        "Abdirahman Hodan Liban Fadumo Cabdi Sahra Mahad Ifrah Warsame Ubah Guled Hibaaq Bashiir Deeqa",
        "Warsame Jama Abdullahi Farah Gedi Shire Nur Duale Egal Hirsi Samatar Barre Mohamud Aden",
    ),
    "Pakistani": (
        "Shazia Imran Nasreen Asif Rukhsana Tariq Zainab Waqas Saima Junaid Bushra Kashif Uzma Adeel",
        "Hussain Mahmood Akhtar Chaudhry Iqbal Malik Butt Qureshi Mirza Sheikh Raja Bhatti Awan Shah",
    ),
    "Bangladeshi": (
        "Rahim Sultana Shafiqul Nasima Kamrul Farzana Mizanur Ayesha Jahangir Rokeya Anisur Taslima Habibur Moriom",
        "Miah Begum Uddin Khatun Chowdhury Rahman Islam Sarkar Talukdar Haque Akter Bhuiyan Ullah Sikder",
    ),
    "Sikh": (
        "Gurpreet Harjinder Manpreet Jaswinder Balbir Kulwant Amritpal Sukhdeep Parmjit Navjot Daljit Ravinder",
        "Singh Kaur Dhillon Sandhu Gill Bains Sidhu Grewal Sahota Johal Atwal Chahal",
    ),
    "Chinese": (
        "Xiaoming Mei Jian Li-Na Wei Yan Zhihao Qing Jun Hui Feng Xue Bo Lan",
        "Wang Zhang Chen Liu Huang Zhao Wu Xu Sun Zhu Guo He Lin Song",
    ),
    "Korean": (
        "Min-jun Seo-yeon Ji-hoon Ha-eun Dong-hyun Soo-jin Jae-won Eun-ji Sang-woo Mi-kyung",
        "Kim Park Choi Jung Kang Yoon Lim Shin Kwon Bae",
    ),
    "Burmese": (
        "Aung Khin Zaw Thida Myo Su Kyaw Nilar Win Hla Min Moe Than Ei",
        "Tun Htwe Naing Lwin Soe Oo Maung Myint Thant Nyunt Kyi Win San Thein",
    ),
    "Arabic": (
        "Khaled Huda Yousef Rania Mustafa Nour Tarek Salma Bilal Amal Sami Hanan Faisal Dina",
        "Al-Masri Haddad el-Sayed Nasser Khalil Darwish Al-Hashimi Saleh Qasim bin-Laith Abboud Mansour Najjar Zaki",
    ),
    "Sudanese": (
        "Osman Awadia Elfatih Ikhlas Tagelsir Alawia Muawia Ihsan Babiker Sitana Abuzar Nagwa",
        "Elamin Idris Abdelrahim Khalifa Eltayeb Hamdan Fadlalla Bushra Elhassan Mahgoub Dafalla Bakheit",
    ),
    "Afghan": (
        "Najibullah Parwana Hamid Shabnam Zabihullah Freshta Ghulam Laila Mirwais Nargis Ahmadzai Sediqa",
        "Karimi Noorzai Stanekzai Hotak Rahimi Wardak Popal Safi Amiri Barakzai Sultani Zadran",
    ),
    "Ethiopian": (
        "Tesfaye Hirut Dawit Selamawit Yonas Meseret Bekele Tigist Girma Almaz Abebe Senait",
        "Gebremariam Haile Woldeselassie Tadesse Kebede Mulugeta Desta Berhane Alemu Tekle Wolde Asfaw",
    ),
    "Kurdish": (
        "Azad Berivan Rebwar Shilan Karwan Dilnaz Hiwa Rojin Sherko Nishtiman Zana Evin",
        "Barzani Jalal Amedi Goran Sindi Zebari Hawrami Bapir Dizayee Rashid Surchi Botani",
    ),
    "Albanian": (
        "Besnik Ardita Ilir Valbona Agron Mimoza Dritan Shpresa Gentian Blerta Fatos Drita",
        "Hoxha Krasniqi Gashi Berisha Shala Dervishi Leka Prifti Marku Kelmendi Zogaj Basha",
    ),
    "Tamil": (
        "Sivakumar Kavitha Rajan Meenakshi Thangarajah Priya Senthil Vasanthi Murugan Anjali Kannan Selvi",
        "Subramaniam Selvarajah Pillai Nadarajah Sivapalan Kandiah Ramanathan Yogarajah Balasingham Murugesu Arul Rajaratnam",
    ),
    "Jamaican": (
        "Delroy Shanice Leroy Marcia Winston Tanisha Devon Sonia Errol Kadian Desmond Yvette",
        "Campbell Gordon Bogle Facey Golding Seaga Blackwood Dacosta Powell Wint Reid Tulloch",
    ),
    "Greek Cypriot": (
        "Andreas Despina Stelios Eleni Kyriakos Maroulla Panayiotis Androulla Savvas Chrystalla",
        "Christodoulou Georgiou Hadjigeorgiou Nicolaou Kyprianou Pieri Economides Loizou Zachariou Panteli",
    ),
    "Traveller": (
        "Jimmy Bridget Paddy Margaret Levi Kathleen Miley Winnie Nelson Philomena Eli Britannia",
        "Ward Maughan Doran McDonagh Stokes Lee Boswell Cash Connors Loveridge Smith Penfold",
    ),
    "ordinary words": (
        "Grace May Will Joy Mark Hope Rose Bill Faith Dawn Frank Summer Rich Patience Jack Precious Blessing Ivy",
        "Young Cook Long Rice Price Field Banks Church Bird Cross Green Power Day Winter Cross Speed Moody Short",
    ),
}  # fmt: skip

_VIETNAMESE_PLAIN = (
    "Thi-Hoa Van-Minh Quoc Thuy Duc Huong Dung Lan Tuan Ngoc Hung Linh Bao Mai",
    "Do Dang Van Nguyen Tran Pham Hoang Vu Bui Ho Ngo Duong Ly Dinh",
)
LISTED = _LISTS | {"Vietnamese, no accents": _VIETNAMESE_PLAIN}


def listed(origin: str) -> tuple[list[str], list[str]]:
    """Given names and surnames of a list."""
    given, family = LISTED[origin]
    return given.split(), family.split()


def faked(origin: str, count: int) -> tuple[list[str], list[str]]:
    """So many given names and surnames from faker's locale, those in Latin letters only, each once."""
    from faker import Faker

    faker = Faker(FAKER[origin])
    faker.seed_instance(f"countersign {origin}")
    return _once(faker.first_name, count), _once(faker.last_name, count)


def _once(make: object, count: int) -> list[str]:
    found: dict[str, None] = {}
    for name in _tries(make, count * 30):
        if len(found) == count:
            break
        if all(ord(char) < 0x2000 and (char.isalpha() or char in "'’-") for char in name) and len(name) > 1:
            found[name.replace("’", "'")] = None
    return list(found)


def _tries(make: object, times: int) -> Iterator[str]:
    assert callable(make)
    for _ in range(times):
        yield str(make())


def people_of(origin: str) -> tuple[list[str], list[str]]:
    """Given names and surnames of an origin."""
    return faked(origin, 24) if origin in FAKER else listed(origin)


ORIGINS = [*FAKER, *LISTED]
