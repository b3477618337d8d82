"""Where customers come from: names, cities and habits by culture. A name in a script of its own is written `latin=own`.

No family name stands in two cultures, so that name and mail provider together make an address of its own.
"""

import msgspec


class Culture(msgspec.Struct, frozen=True):
    """A country with its names, streets and numbers."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """City and the form of its postal codes, # for a digit."""
    streets: tuple[str, ...]
    country: str
    dial: str
    language: str = "en"


def _culture(
    country: str, dial: str, women: str, men: str, families: str, places: str, streets: str, language: str = "en"
) -> Culture:
    cities = tuple((city, code) for city, _, code in (place.partition(":") for place in places.split(", ")))
    return Culture(
        tuple(women.split()), tuple(men.split()), tuple(families.split()), cities, tuple(streets.split(", ")),
        country, dial, language,
    )  # fmt: skip


CULTURES = (
    _culture(
        "SE", "+46",
        "Hanna Elin Astrid Maja Linnéa Saga Ebba Åsa Ingrid Signe Tuva Malin Frida Johanna",
        "Oskar Nils Gustav Åke Emil Viktor Sören Anton Mattias Lukas Rasmus Björn Jonas Henrik",
        "Lindqvist Bergström Åkesson Nyberg Sjöström Hallgren Ekman Wikström Forsell Östling Lundmark Sandell Norell "
        "Viklund Dahlgren Strömbäck Holmqvist Engblom Rydén Tillander",
        "Umeå:### ##, Göteborg:### ##, Uppsala:### ##, Lund:### ##, Örebro:### ##, Västerås:### ##, Kalmar:### ##",
        "Storgatan, Kyrkogatan, Nygatan, Skolgatan, Hamngatan, Björkvägen",
    ),
    _culture(
        "NO", "+47",
        "Solveig Liv Ingeborg Marit Sunniva Hedda Ragnhild Tiril",
        "Sindre Håkon Eirik Torbjørn Magnus Øyvind Ola Leif",
        "Aamodt Thorsen Bakke Fjeldstad Haugland Nesset Solbakken Tveit Rønning Skogheim Myhre Brekke",
        "Bergen:####, Trondheim:####, Tromsø:####, Stavanger:####, Ålesund:####",
        "Strandgata, Kirkegata, Fjordveien, Øvre gate, Bryggeveien",
    ),
    _culture(
        "DK", "+45",
        "Nora Mette Kirsten Freja Sofie Birthe Asta", "Mads Søren Jeppe Anders Villads Troels Kasper",
        "Vestergaard Kjærgaard Mølby Damgaard Bundgaard Nørskov Thygesen Østergård Lauridsen Brogaard",
        "Aarhus:####, Odense:####, Aalborg:####, Roskilde:####", "Nørregade, Vestergade, Havnegade, Skovvej, Lærkevej",
    ),
    _culture(
        "DE", "+49",
        "Anneliese Katharina Ulrike Jana Sabine Franziska Heike Miriam Lena Dorothee Silke Greta Nele Birgit",
        "Dominic Thorsten Jürgen Moritz Felix Holger Matthias Lennart Günther Florian Kai Stefan Uwe Jannis",
        "Achterberg Brandt Kesselring Vogelsang Rademacher Steinhoff Dühring Möllmann Eickhoff Grünewald Lohse Pfister "
        "Reinbacher Sauerland Tannhauser Wiesinger Zeidler Klapproth Oberländer Hübscher",
        "Leipzig:#####, Freiburg:#####, Köln:#####, Bremen:#####, Nürnberg:#####, Kassel:#####, Münster:#####",
        "Lindenstraße, Gartenweg, Bahnhofstraße, Am Mühlbach, Rosenallee, Schillerstraße", "de",
    ),
    _culture(
        "AT", "+43",
        "Ilse Magdalena Theresa Veronika Johanna Leonie", "Lukas Alois Clemens Raphael Bernhard Valentin",
        "Hofstetter Gschwandtner Prantl Egger Moosbrugger Steinlechner Lechleitner Zangerl",
        "Graz:####, Linz:####, Innsbruck:####, Wien:####, Dornbirn:####",
        "Wiener Straße, Kirchgasse, Am Anger, Berggasse", "de",
    ),
    _culture(
        "FR", "+33",
        "Élodie Margaux Camille Solène Aurélie Mathilde Océane Clémence Inès Noémie Anaïs Delphine",
        "Thibault Loïc Bastien Étienne Guillaume Rémi Jérôme Maxence Cédric Yann Gaël Aurélien",
        "Marchetti Delacourt Perrineau Vasseur Lemoigne Chastain Boisvert Guérinel Rousselet Fontenoy Maurel Tessandier "
        "Bellanger Cordonnier Aubrac Quéméner",
        "Lyon:#####, Nantes:#####, Rennes:#####, Grenoble:#####, Lille:#####, Toulouse:#####",
        "rue des Tilleuls, rue de la Poste, avenue du Parc, impasse du Moulin, quai des Tanneurs", "fr",
    ),
    _culture(
        "ES", "+34",
        "Lucía Nerea Ainhoa Rocío Marta Beatriz Inmaculada Paloma Itziar Carmen",
        "Carlos Íñigo Álvaro Rubén Jorge Gonzalo Xavier Andrés Pablo Iker",
        "Iturbide Quintanilla Echeverría Salvatierra Montoro Lozanillo Peñalver Zubizarreta Carranza Arribas Villafañe "
        "Cabañas Ordóñez Bermúdez",
        "Bilbao:#####, Granada:#####, Valencia:#####, Zaragoza:#####, Gijón:#####",
        "calle Mayor, calle del Olmo, avenida de la Estación, plaza Nueva, calle Fuente Vieja", "es",
    ),
    _culture(
        "GB", "+44",
        "Gwen Harriet Imogen Philippa Rosalind Tamsin Beth Daisy Eleanor Freya Georgina Hazel Ottilie",
        "Alistair Callum Dafydd Edmund Fraser Gareth Hamish Isaac Jasper Kieran Lewis Rory Toby",
        "Prichard Ashdown Bellweather Cartmell Dunmore Eastwell Fairhurst Greensmith Hathersage Inglethorpe Kettleby "
        "Lockwood Marchbanks Netherby Oakeshott Penhallow Ravensworth Stanbridge Thirlwell Wetherall",
        "Leeds:LS# #QD, Bristol:BS# #HT, Cardiff:CF# #NL, Norwich:NR# #JP, Sheffield:S# #WB, Edinburgh:EH# #RX",
        "Mill Lane, Station Road, Chapel Street, Orchard Close, Hill View, Victoria Terrace",
    ),
    _culture(
        "IE", "+353",
        "Aoife Niamh Sinéad Caoimhe Róisín Orla", "Cian Fionn Oisín Darragh Lorcan Pádraig",
        "Kerrigan Mulcahy Rafferty Tierney Brannigan Quigley Devaney Loughran",
        "Cork:T## K###, Galway:H## W###, Limerick:V## R###, Sligo:F## E###",
        "Bridge Street, Shore Road, Church Lane, The Green",
    ),
    _culture(
        "US", "+1",
        "Madison Naomi Claire Abigail Jasmine Tessa Maya Brooke Ruth Adeline Harper",
        "Tyler Marcus Wesley Caleb Elliott Theo Grant Owen Julian Desmond Nolan",
        "Hollingsworth Brackett Castleton Dunaway Everhart Fairbanks Goodspeed Haverford Kimbrough Landry Merriweather "
        "Overstreet Pennington Rutledge Stockwell Vandermeer",
        "Portland:97###, Madison:53###, Asheville:28###, Burlington:05###, Tucson:85###, Ann Arbor:48###",
        "Maple Street, Cedar Avenue, Lakeview Drive, Third Street, Birch Court, Foundry Road",
    ),
    _culture(
        "CA", "+1",
        "Mackenzie Sophie Brielle Joanne Avery", "Liam Étienne Graham Tristan Nathaniel",
        "Beauchemin MacAllister Thibodeau Ferrier Whitehorse Laframboise Sinclairson",
        "Halifax:B#H #K#, Ottawa:K#P #L#, Kelowna:V#Y #T#", "Harbour Street, Elm Grove, Rideau Lane",
    ),
    _culture(
        "IT", "+39",
        "Giulia Chiara Ilaria Fiammetta Serena Ludovica Martina", "Paolo Matteo Lorenzo Davide Niccolò Tommaso Riccardo",
        "Ferrarin Bruni Castellazzi Zanolli Bevilacqua Tornaghi Sartoretti Mazzucato Pellegrinetti",
        "Torino:#####, Bologna:#####, Trieste:#####, Padova:#####",
        "via Garibaldi, via dei Mille, corso Italia, viale dei Pini",
    ),
    _culture(
        "PT", "+351",
        "Beatriz Inês Mafalda Leonor Catarina Conceição", "Tiago Duarte Gonçalo João Rui Simão",
        "Quintela Figueiredo Vasconcelos Monteiro Tavares Albergaria Seabra Gouveia",
        "Porto:####-###, Coimbra:####-###, Braga:####-###, Évora:####-###", "Rua das Flores, Rua do Sol, Travessa da Ponte",
    ),
    _culture(
        "PL", "+48",
        "Agnieszka Zofia Małgorzata Kinga Aleksandra Joanna Weronika", "Marek Łukasz Paweł Grzegorz Wojciech Michał Jędrzej",
        "Olszewski Brzozowicz Jastrzębiec Kwiatek Sobczyk Wróblewicz Zagórny Świerczek Majchrzyk",
        "Kraków:##-###, Poznań:##-###, Gdańsk:##-###, Wrocław:##-###", "ul. Polna, ul. Lipowa, ul. Szkolna, ul. Ogrodowa",
    ),
    _culture(
        "NL", "+31",
        "Femke Anouk Sanne Marijke Lotte Jantine", "Sander Joost Bram Pieter Wouter Thijs",
        "Hoekstra Verschuur Wagenaar Dijkgraaf Rietveldt Schipper Oosterhuis Kuiperij",
        "Utrecht:#### GX, Groningen:#### KB, Delft:#### TR, Arnhem:#### LP", "Dorpsstraat, Molenweg, Prinsenkade, Kerkstraat",
    ),
    _culture(
        "TR", "+90",
        "Zeynep Elif Defne Gülşen Nilüfer", "Yusuf Emre Kaan Çağlar Tolga",
        "Demirtaş Yıldırım Karagöz Aksoylu Özbek Şahinkaya",
        "İzmir:#####, Eskişehir:#####, Ankara:#####", "Atatürk Caddesi, Lale Sokak, Çınar Sokak",
    ),
    _culture(
        "NG", "+234",
        "Adaeze Folake Ngozi Yewande Chiamaka", "Oluwaseun Femi Chinedu Tunde Emeka",
        "Adeyinka Balogun Nwachukwu Ogundipe Eze-Williams Abiodun Okonjo-Bright",
        "Lagos:######, Ibadan:######, Enugu:######", "Marina Road, Unity Close, Palm Avenue",
    ),
    _culture(
        "GH", "+233", "Abena Efua Akosua", "Kwabena Kofi Yaw", "Mensah-Lloyd Boatengson Asantewaa Darkwah",
        "Kumasi:GA-###, Accra:GA-###", "Independence Avenue, Ring Road",
    ),
    _culture(
        "IN", "+91",
        "Anjali Kavya Meera Nandini Ishita Lakshmi", "Arjun Rohan Vikram Siddharth Karthik Nikhil",
        "Chandrasekhar Bhattacharjee Kulkarni Venkataraman Deshpande Raghunath Mukherji",
        "Pune:4110##, Bengaluru:5600##, Kochi:6820##", "MG Road, Temple Street, Lake View Road",
    ),
    _culture(
        "JP", "+81",
        "Aiko Ayumi Misaki=美咲 Haruka=遥 Yui=結衣 Natsumi", "Kenta Daichi=大地 Sho=翔 Haruto=陽斗 Ryota",
        "Tanabe Sakamoto Kurosawa-Ito Hayashida=林田 Morimoto=森本 Fujisaki=藤崎 Nishioka",
        "Kyoto:###-####, Sapporo:###-####, Fukuoka:###-####", "Sakura-dori, Honmachi, Kitayama",
    ),
    _culture(
        "TW", "+886", "Yi-Ting=怡婷 Hsin-Yi=欣怡 Mei-Ling", "Chih-Wei=志偉 Jun-Jie=俊傑 Po-Han",
        "Hsueh=薛 Tseng=曾 Chiang-Lu Kuo=郭",
        "Taipei:###, Tainan:###", "Zhongshan Road, Minquan Road",
    ),
    _culture(
        "AE", "+971", "Layla=ليلى Mariam=مريم Huda Rania", "Omar Khalid=خالد Tariq Youssef=يوسف",
        "Al-Masri=المصري Haddadi Khoury=خوري Najjarine Al-Sabbagh", "Dubai:#####, Sharjah:#####", "Palm Street, Corniche Road",
    ),
    _culture(
        "IL", "+972", "Noa=נועה Tamar Yael=יעל", "Eitan Amir=אמיר Yonatan", "Ben-Artzi Shalev=שלו Peretz-Gal Harari",
        "Haifa:#######, Jaffa:#######", "HaNasi Street, Olive Street",
    ),
    _culture(
        "UA", "+380", "Oksana=Оксана Iryna Kateryna=Катерина", "Taras=Тарас Andriy Bohdan",
        "Shevchuk=Шевчук Melnychenko Kovalenko-Dub",
        "Lviv:#####, Odesa:#####", "Sadova Street, Parkova Street",
    ),
    _culture(
        "GR", "+30", "Eleni=Ελένη Katerina Despina", "Nikos Giorgos=Γιώργος Stavros",
        "Papadakis=Παπαδάκης Kostopoulos Vlachou Mavridis",
        "Chania:### ##, Volos:### ##", "Odos Ermou, Odos Elaias",
    ),
    _culture(
        "BR", "+55", "Larissa Thaís Jussara", "Thiago Rafael Otávio", "Nascimento-Reis Cavalcanti Bittencourt Araújo",
        "Curitiba:#####-###, Recife:#####-###", "Rua das Acácias, Avenida Brasil",
    ),
    _culture(
        "VN", "+84", "Thảo Linh Ngọc", "Đức Minh Khánh", "Nguyen-Pham Trầnova Đặng Huỳnh", "Huế:#####, Đà Nẵng:#####",
        "Lê Lợi, Trần Phú",
    ),
)  # fmt: skip
