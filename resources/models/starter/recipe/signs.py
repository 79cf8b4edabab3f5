"""Signs of places: opening hours, events, prices, how to reach them; and what one may ask about them."""
import content
from content import COLOURS, DAYS, listed
from pages import Document, draw_line, ink_for, paper

ABSENT = 'That is not in the document.'
PLACES = ('Library Museum Pool Clinic School Gallery Office Park Cinema Theatre Gym Zoo Bank Post Bakery Cafe Shop Market Store Pharmacy '
          'Garage Salon Restaurant Church Club Center Station Kitchen').split()
EVENTS = ('Reading group,Guided tour,Story time,Yoga class,Live music,Quiz night,Book sale,Open day,Swimming lesson,Chess club,Film night,'
          'Staff meeting,Choir practice,Art class,Flea market,Concert,Workshop,Lecture,Dance class,Board meeting,Coffee morning').split(',')
REMARKS = ('Please return books on time.,No dogs allowed.,Please ring the bell.,Free entry.,Mind the step.,No smoking.,Please keep quiet.,'
           'Cards welcome.,Closed on public holidays.,Parking behind the house.,Please wait here.,Ask at the desk.,All welcome!,'
           'Thank you.').split(',')
PRICED = 'Adults Children Students Seniors Family Entry Parking Coffee Tea Lunch'.split()


def clock(r, low, high, style):
    hour, minute = r.randint(low, high), r.choice([0, 0, 0, 30, 30, 15, 45])
    if style == 'am':
        return f'{(hour - 1) % 12 + 1}{f":{minute:02d}" if minute else ""} {"am" if hour < 12 else "pm"}'
    return f'{hour}:{minute:02d}' if style == '9' else f'{hour:02d}:{minute:02d}'


def hours(r):
    """-> lines and day -> (opens, closes), None for closed; days of which nothing is said are missing."""
    style, dash = r.choice(['9', '9', '09', 'am']), r.choice([' - ', ' - ', '-', ' to '])
    cuts = sorted(r.sample(range(1, 7), r.choice([1, 2, 2, 2, 3])))
    spans = list(zip([0] + cuts, cuts + [7]))
    if r.random() < .2:
        spans.pop(r.randrange(len(spans)))
    short, colon = r.random() < .2, r.choice(['', '', '', ':'])
    lines, table, closed = [], {}, False
    for first, last in spans:
        names = [DAYS[i][:3] if short else DAYS[i] for i in (first, last - 1)]
        days = names[0] if last - first == 1 else r.choice([' to ', ' to ', ' - ', '-']).join(names)
        if last - first <= 2 and not closed and r.random() < (.6 if last == 7 else .15):
            closed = True
            lines.append(f'Closed on {days}' if r.random() < .6 and last - first == 1 else f'{days}{colon} closed')
            times = None
        else:
            times = clock(r, 6, 11, style), clock(r, 13, 21, style)
            lines.append(f'{days}{colon} {times[0]}{dash}{times[1]}')
        table.update({DAYS[i]: times for i in range(first, last)})
    return lines, table


def sign_page(r, assets, width, height, scale=1.0):
    page = paper(r, assets, width, height)
    if r.random() < .3:
        page.rectangle(0, 0, width, r.randint(4, 24), r.choice(list(COLOURS.values())))
    kind = r.choice(PLACES)
    name = r.choice([content.store(r, assets.corpus), f'{r.choice(assets.corpus["words"]).capitalize()} {kind}', f'City {kind}',
                     f'{r.choice(content.CITIES)} {kind}', f'{r.choice(content.STREETS)} {kind}'])
    facts = {'name': name, 'hours': {}, 'events': {}, 'prices': {}, 'phone': None, 'email': None, 'address': None}
    blocks = [[name]]
    if r.random() < .75:
        lines, facts['hours'] = hours(r)
        blocks.append((['Opening hours'] if r.random() < .3 else []) + lines)
    more = []
    if r.random() < .4:
        for event in r.sample(EVENTS, r.choice([1, 1, 2])):
            day, time = r.choice(DAYS), clock(r, 8, 20, r.choice(['9', 'am']))
            facts['events'][event] = day, time
            more.append(r.choice([f'{event} on {day} at {time}', f'{event}: {day} {time}', f'{event}, {day} at {time}']))
    if r.random() < .35:
        mark = r.choice(['', '', '$'])
        for thing in r.sample(PRICED, r.randint(1, 3)):
            facts['prices'][thing] = f'{mark}{r.randint(1, 30)}.{r.choice(["00", "50", "20", "80"])}'
            more.append(f'{thing} {facts["prices"][thing]}')
    if r.random() < .5:
        more.append(r.choice(REMARKS))
    if r.random() < .5:
        facts['phone'] = r.choice([content.phone(r), f'{r.randint(100, 999)} {r.randint(0, 9999):04d}'])
        more.append(r.choice(['Phone ', 'Phone: ', 'Tel. ', 'Call ']) + facts['phone'])
    if r.random() < .2:
        facts['email'] = content.email(r)
        more.append(facts['email'])
    if r.random() < .25:
        facts['address'] = content.address(r)
        more.append(facts['address'])
    r.shuffle(more)
    blocks.append(more)
    size = int(r.randint(13, 25) * scale)
    left, font, align = r.randint(6, max(7, width // 10)), None, r.choice('lllc')
    y, lines = r.randint(8, 34), []
    for number, texts in enumerate(blocks):
        for text in texts:
            wanted = int(size * (r.uniform(1.2, 1.7) if number == 0 else 1 if number == 1 else r.uniform(.85, 1)))
            strike, font = assets.strike(r, max(10, min(64, wanted)), font)
            while strike.length(text) > width - 2 * left and strike.size > 11:
                strike, font = assets.strike(r, strike.size - 2, font)
            if strike.length(text) > width - left or y + strike.ascent + strike.descent > height - 3:
                return Document(page, [], 'sign')       # does not fit: drawn anew
            x = left if align == 'l' else (width - strike.length(text)) / 2
            lines.append(draw_line(page, x, y, text, strike, ink_for(r, page)))
            y += int((strike.ascent + strike.descent) * r.uniform(1.05, 1.5))
        y += int(size * r.uniform(0, .9))
    return Document(page, lines, 'sign', [('the name', name, lines[0].box)], **facts)


def ask(r, facts):
    """A question and its answer; things of which the sign does not speak get ABSENT."""
    kinds = ['hours'] * 6 * bool(facts['hours']) + ['events'] * 2 * bool(facts['events']) + ['prices'] * 2 * bool(facts['prices']) + \
        ['phone', 'phone', 'email', 'address', 'name', 'name'] + ['absent'] * 2
    kind = r.choice(kinds)
    place = r.choice(['it', 'it', 'it', 'the ' + facts['name'].split()[-1].lower(), 'the shop', 'the place', 'the ' + facts['name']])
    if kind == 'hours':
        day = r.choice(DAYS)
        if r.random() < .12:
            closed = [d for d in DAYS if d in facts['hours'] and facts['hours'][d] is None]
            return r.choice([f'On which day is {place} closed?', 'When is it closed?', f'Which day is {place} closed?']), \
                f'It is closed on {listed(closed)}.' if closed else ABSENT
        times = facts['hours'].get(day, ())
        form = r.choice(['open', 'open', 'close', 'is', 'hours', 'hours'])
        question = {'open': [f'When does {place} open on {day}?', f'What time does {place} open on {day}?', f'{day} opening time?'],
                    'close': [f'When does {place} close on {day}?', f'Until when is {place} open on {day}?', f'What time does it close on {day}?'],
                    'is': [f'Is {place} open on {day}?', f'Can I go there on {day}?', f'Is {place} closed on {day}?'],
                    'hours': [f'What are the opening hours on {day}?', f'When is {place} open on {day}?', f'Opening hours on {day}?',
                              f'How long is {place} open on {day}?', f'{day}?']}[form]
        question = r.choice(question)
        if times == ():
            return question, ABSENT
        if times is None:
            start = '' if form != 'is' else 'Yes, on' if 'closed' in question else 'No, on'
            return question, f'{start or "On"} {day} it is closed.'
        start = 'On' if form != 'is' else 'No, on' if 'closed' in question else 'Yes, on'
        what = {'open': f'it opens at {times[0]}', 'close': f'it closes at {times[1]}'}.get(form, f'it is open from {times[0]} to {times[1]}')
        return question, f'{start} {day} {what}.'
    if kind == 'events':
        event = r.choice(list(facts['events']) if r.random() < .75 else EVENTS)
        question = r.choice(['When is the {}?', 'What time is the {}?', 'On which day is the {}?', 'When does the {} start?']).format(event.lower())
        if event not in facts['events']:
            return question, ABSENT
        return question, f'The {event.lower()} is on {facts["events"][event][0]} at {facts["events"][event][1]}.'
    if kind == 'prices':
        thing = r.choice(list(facts['prices']))
        return r.choice(['How much is {}?', 'What does {} cost?', 'What is the price of {}?', 'How much does {} cost?', 'Price of {}?']) \
            .format(thing.lower()), f'The price of {thing} is {facts["prices"][thing]}.'
    if kind == 'name':
        return r.choice(['What place is this?', 'What is the name of the place?', 'Whose sign is this?', 'What is it called?']), \
            f'It is {facts["name"]}.'
    if kind == 'absent':
        return r.choice(['What is the total?', 'How much is the total?', 'What is the date?', 'What is the invoice number?', 'Who signed it?',
                         f'How much is the {r.choice(content.ITEMS)}?', 'What is the seat?', 'What is the due date?', 'What is the account number?',
                         'What is the name of the customer?', 'What is the amount?', 'How many items were bought?']), ABSENT
    named = {'phone': ['What is the phone number?', 'Phone number?', 'How can I call them?', 'Which number do I call?', 'What is the phone?'],
             'email': ['What is the email?', 'What is the email address?', 'Email?'],
             'address': ['What is the address?', 'Where is it?', 'Address?', f'Where is {facts["name"]}?']}[kind]
    label = {'phone': 'The phone number', 'email': 'The email address', 'address': 'The address'}[kind]
    return r.choice(named), f'{label} is {facts[kind]}.' if facts[kind] else ABSENT
