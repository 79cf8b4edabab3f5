"""Random words, names and numbers that fill the synthetic documents."""
import random
import re

COLOURS = {'red': (214, 40, 40), 'orange': (244, 140, 30), 'yellow': (246, 212, 50), 'green': (50, 160, 70), 'blue': (40, 90, 210),
           'purple': (130, 60, 180), 'pink': (240, 130, 180), 'brown': (130, 85, 50), 'black': (25, 25, 25),
           'white': (248, 248, 248), 'gray': (130, 130, 135)}
SHAPES = 'circle square rectangle triangle diamond hexagon pentagon star ring cross'.split()
NUMBER_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split()
FIRST_NAMES = ('James Mary Robert Linda John Susan Michael Karen David Lisa Emma Oliver Noah Sophia Lucas Mia Ethan Ava Leo Anna Peter '
               'Julia Carlos Elena Ahmed Fatima Wei Yuki Priya Arjun Ivan Olga Hans Greta Pierre Chloe').split()
LAST_NAMES = ('Smith Johnson Brown Taylor Miller Davis Garcia Wilson Martin Anderson Lee Walker Hall Young King Wright Lopez Hill Green '
              'Adams Baker Nelson Carter Mitchell Perez Roberts Turner Phillips Campbell Parker Evans Edwards Collins Novak Rossi '
              'Schmidt Tanaka Kumar Silva').split()
STREETS = 'Main Oak Pine Maple Cedar Elm Park Lake Hill Station Church Mill River Spring Market High Bridge Garden'.split()
CITIES = ('Berlin Paris London Madrid Rome Vienna Lisbon Dublin Oslo Boston Denver Seattle Austin Toronto Sydney Tokyo Osaka Mumbai '
          'Lagos Cairo Lima Quito Porto Milan Prague Warsaw').split()
ITEMS = ('Coffee,Green Tea,Espresso,Latte,Sandwich,Bagel,Salad,Soup,Pizza,Burger,Fries,Pasta,Apple Juice,Orange Juice,Water,Milk,Bread,'
         'Butter,Cheese,Eggs,Rice,Chicken,Salmon,Tomatoes,Onions,Potatoes,Bananas,Apples,Grapes,Notebook,Pen,Pencil,Stapler,Paper A4,'
         'Printer Ink,USB Cable,Keyboard,Mouse,Monitor,Desk Lamp,Chair,Backpack,Umbrella,T-Shirt,Socks,Shoes,Jacket,Shampoo,Soap,'
         'Toothpaste,Batteries,Light Bulb,Hammer,Screws,Paint,Brush').split(',')
MONTHS = 'January February March April May June July August September October November December'.split()
DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()
STORES = ['Corner Cafe', 'Fresh Market', 'City Store', 'Book Shop', 'Green Grocer', 'Hardware Plus', 'Daily Bakery', 'Office Depot',
          'Sun Diner', 'Market Hall']
FORM_TITLES = ['Registration Form', 'Invoice', 'Boarding Pass', 'Contact Card', 'Membership', 'Application', 'Order Details', 'Booking',
               'Profile', 'Delivery Note']
LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
PUNCTUATION = '!?.,;:()[]{}+-*/=<>@#$%&"\'_|~^'


def money(r, top=200):
    return f'{r.uniform(.5, top):.2f}'


def date(r):
    day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(1990, 2029)
    name = MONTHS[month - 1]
    return r.choice([f'{year}-{month:02d}-{day:02d}', f'{day:02d}/{month:02d}/{year}', f'{day} {name} {year}',
                     f'{name} {day}, {year}', f'{day:02d}.{month:02d}.{year}'])


def person(r):
    return f'{r.choice(FIRST_NAMES)} {r.choice(LAST_NAMES)}'


def code(r):
    return ''.join(r.choices('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', k=r.randint(4, 9)))


def email(r):
    host = r.choice(['example.com', 'mail.org', 'acme.io', 'uni.edu', 'web.net'])
    return f'{r.choice(FIRST_NAMES).lower()}.{r.choice(LAST_NAMES).lower()}@{host}'


def phone(r):
    return r.choice([f'+{r.randint(1, 99)} {r.randint(100, 999)} {r.randint(1000000, 9999999)}',
                     f'({r.randint(200, 999)}) {r.randint(200, 999)}-{r.randint(1000, 9999)}',
                     f'{r.randint(200, 999)}-{r.randint(200, 999)}-{r.randint(1000, 9999)}'])


def address(r):
    return f'{r.randint(1, 999)} {r.choice(STREETS)} {r.choice(["Street", "Road", "Avenue", "Lane"])}'


def number(r):
    return r.choice([str(r.randint(0, 99)), str(r.randint(100, 9999)), f'{r.uniform(0, 100):.2f}',
                     f'{r.randint(1, 999)},{r.randint(0, 999):03d}', f'{r.randint(1, 99)}%'])


def gibberish(r, low=2, high=8):
    return ''.join(r.choices(LETTERS + '0123456789', k=r.randint(low, high)))


FIELDS = {
    'Name': person, 'Customer': person, 'Address': address, 'City': lambda r: r.choice(CITIES), 'Phone': phone, 'Email': email,
    'Date': date, 'Date of birth': date, 'Due date': date, 'Invoice No': code, 'Order No': code, 'Ticket No': code,
    'Account': lambda r: str(r.randint(10 ** 7, 10 ** 9)), 'Amount': lambda r: '$' + money(r, 5000),
    'Department': lambda r: r.choice(['Sales', 'Finance', 'Research', 'Support', 'Legal', 'Design']),
    'Title': lambda r: r.choice(['Manager', 'Engineer', 'Analyst', 'Director', 'Teacher', 'Nurse']),
    'Room': lambda r: str(r.randint(1, 499)), 'Flight': lambda r: r.choice(['LH', 'BA', 'AF', 'UA', 'DL']) + str(r.randint(10, 9999)),
    'Gate': lambda r: r.choice('ABCDE') + str(r.randint(1, 60)), 'Seat': lambda r: str(r.randint(1, 40)) + r.choice('ABCDEF')}


def passage(r, corpus):
    """A piece of text for a page: sentences, words, numbers, codes or character noise."""
    k = r.random()
    if k < .34:
        return r.choice(corpus['sent'])
    if k < .48:
        return r.choice(corpus['fort'])
    if k < .60:
        return ' '.join(r.choice(corpus['words']) for _ in range(r.randint(1, 10)))
    if k < .70:
        return ' '.join(r.choice([number, date, money, code])(r) for _ in range(r.randint(1, 6)))
    if k < .76:
        return r.choice([email, phone, address, person])(r)
    if k < .82:
        return ' '.join(r.choice(corpus['sent']).upper().split()[:r.randint(1, 7)])
    if k < .91:
        return ' '.join(gibberish(r) for _ in range(r.randint(1, 5)))
    if k < .95:
        name = r.choice(list(FIELDS))
        return f'{name}: {FIELDS[name](r)}'
    noise = ''.join(r.choice(PUNCTUATION + '  ') if r.random() < .35 else r.choice(LETTERS + '0123456789 ') for _ in range(r.randint(6, 30)))
    return noise.strip() or 'a'


def short_line(r, corpus):
    """What stands on signs, cards and slides."""
    k = r.random()
    if k < .25:
        return r.choice(corpus['sent'])
    if k < .45:
        return ' '.join(word.capitalize() for word in r.sample(corpus['words'], r.randint(1, 3)))
    if k < .6:
        hours = f'{r.randint(6, 12)}:{r.choice(["00", "15", "30", "45"])} - {r.randint(13, 23)}:{r.choice(["00", "15", "30", "45"])}'
        return f'{r.choice(DAYS)} {r.choice(["", "to " + r.choice(DAYS) + " "])}{hours}'
    if k < .68:
        return r.choice(['Closed on ', 'Open on ', 'Only on ', 'Every ', 'From ']) + r.choice(DAYS)
    if k < .8:
        return r.choice([phone, email, address, date, person])(r)
    if k < .9:
        return f'{r.choice(list(FIELDS) + ["Phone", "Tel.", "Price", "Room", "Floor"])} {number(r)}'
    return r.choice(corpus['fort'])


def items(r, corpus, count):
    """Different things to buy; some of two words that no list holds."""
    chosen = []
    while len(chosen) < count:
        name = r.choice(ITEMS) if r.random() < .6 else ' '.join(w.capitalize() for w in r.sample(corpus['words'], r.choice([1, 2, 2])))
        if name not in chosen and len(name) < 20:
            chosen.append(name)
    return chosen


def store(r, corpus):
    if r.random() < .4:
        return r.choice(STORES)
    return r.choice(corpus['words']).capitalize() + ' ' + r.choice(['Cafe', 'Market', 'Store', 'Shop', 'Bakery', 'Diner', 'Hotel', 'Pharmacy', 'Bar'])


def form_fields(r, corpus, count):
    """(name, value) of a form, the names all different."""
    fields = [(name, FIELDS[name](r)) for name in r.sample(list(FIELDS), count)]
    for i in range(count):
        if r.random() < .15:
            name = r.choice(corpus['words']).capitalize()
            if name not in [field[0] for field in fields]:
                fields[i] = name, r.choice([number, date, person, code, money, lambda r: r.choice(corpus['words'])])(r)
    return fields


# ---------------------------------------------------------------- nouns
_PLURAL_ONLY = ('scissors', 'eyeglasses', 'jeans', 'shorts', 'sunglasses', 'fries', 'cherries', 'grapes', 'peanuts', 'beans',
                'blueberries', 'pancakes', 'books', 'socks', 'gloves', 'tools', 'shopping bags', 'ballet shoes', 'chopsticks',
                'paw prints', 'goggles', 'billiards')
_SAME = ('sheep', 'fish', 'deer', 'bread', 'bacon', 'cooked rice', 'popcorn', 'broccoli', 'garlic', 'coral', 'wood', 'butter',
         'ginger root', 'moose', 'bison', 'blowfish', 'spaghetti', 'green salad', 'money with wings', 'shaved ice')
_IRREGULAR = {'mouse': 'mice', 'goose': 'geese', 'wolf': 'wolves', 'tooth': 'teeth', 'knife': 'knives'}


def is_plural(name):
    return name in _PLURAL_ONLY or (name.endswith('s') and not name.endswith(('ss', 'us', 'os', 'is')))


def plural(name):
    if is_plural(name) or name in _SAME:
        return name
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    if name.startswith(('cup of', 'bowl of', 'glass of', 'pot of', 'ball of')):
        first, rest = name.split(' ', 1)
        return f'{first}s {rest}'
    if name == 'leaf' or name.endswith(' leaf'):
        return name[:-1] + 'ves'
    if re.search(r'(s|sh|ch|x|z)$', name) or name in ('potato', 'tomato', 'roasted sweet potato', 'volcano', 'mango'):
        return name + 'es'
    if re.search(r'[^aeiou]y$', name):
        return name[:-1] + 'ies'
    return name + 's'


def with_article(name):
    if is_plural(name):
        return name
    return ('an ' if name[0] in 'aeiou' and not name.startswith(('uni', 'one')) else 'a ') + name


def counted(name, count):
    """'a dog', 'some scissors', 'three dogs'."""
    if count == 1:
        return 'some ' + name if is_plural(name) else with_article(name)
    return f'{NUMBER_WORDS[count]} {plural(name)}'


def listed(parts):
    return parts[0] if len(parts) == 1 else ', '.join(parts[:-1]) + ' and ' + parts[-1]
