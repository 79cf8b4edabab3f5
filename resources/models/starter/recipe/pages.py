"""Documents: free text, notices, forms, receipts, tables, dialogs and bar charts."""
import numpy as np

import content
from content import COLOURS
from raster import Page
from scenes import background

class Line:
    """A line of a document: what is written, its ink box and, where phrases may be located, its start and strike."""

    def __init__(self, text, box, start=None, strike=None, spacing=0.0):
        self.text, self.box, self.start, self.strike, self.spacing = text, box, start, strike, spacing

    def move(self, x, y):
        self.box = moved(self.box, x, y)
        if self.start is not None:
            self.start += x


def moved(box, x, y):
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


class Document:
    """A drawn page with its lines; `fields` are (name, value, box); `kind` selects the field questions."""

    def __init__(self, page, lines, kind='text', fields=(), **facts):
        self.page, self.lines, self.kind, self.fields, self.facts = page, lines, kind, list(fields), facts

    def move(self, x, y):
        """Moves what is known about the document, but for the page itself."""
        for line in self.lines:
            line.move(x, y)
        self.fields = [field[:-1] + (moved(field[-1], x, y),) for field in self.fields]


def paper(r, assets, width, height):
    k = r.random()
    if k < .84:
        if k < .60:
            value = r.randint(225, 255)
            colour = value, value - r.randint(0, 10), value - r.randint(0, 18)
        elif k < .74:
            value = r.randint(10, 60)
            colour = value, value, min(255, value + r.randint(0, 30))
        else:
            colour = r.choice(list(COLOURS.values()))
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = colour
        return Page(pixels)
    pixels = background(r, assets, width, height)
    goal, weight = (255 if pixels[::8, ::8].mean() > 110 else 0), r.uniform(.45, .85)
    return Page((pixels * np.float32(1 - weight) + np.float32(goal * weight)).astype(np.uint8))


def ink_for(r, page):
    """A colour that can be read on the page."""
    value = page.pixels[::16, ::16].mean()
    if value > 128:
        return tuple(r.randrange(0, 100) for _ in range(3)) if r.random() < .35 else (r.randrange(0, 60),) * 3
    return tuple(r.randrange(165, 256) for _ in range(3)) if r.random() < .35 else (r.randrange(210, 256),) * 3


def draw_line(page, x, y, text, strike, ink, spacing=0.0):
    return Line(text, page.text(x, y, text, strike, ink, spacing), x, strike, spacing)


def text_page(r, assets, width, height, level, size=None, most_lines=None):
    """level 0..1: one short large line ... dense small text; `size` and `most_lines` fix what the level would choose."""
    page = paper(r, assets, width, height)
    low, high = max(10, int(26 - 17 * level)), max(14, int(46 - 30 * level))
    if size is None:
        size = r.randint(low, high)
        if r.random() < .25:
            size = r.randint(10, 14) if level > .5 else r.randint(16, 34)
    strike, font = assets.strike(r, size)
    line_height = int((strike.ascent + strike.descent) * r.uniform(1.0, 1.35))
    margin = r.randint(4, 24)
    left, y = margin + r.randint(0, 10), margin + r.randint(0, 14)
    room, ink, align = width - left - margin, ink_for(r, page), r.choice('lllc')
    spacing = r.uniform(-.3, 1.2) if r.random() < .2 else 0.0
    goal = most_lines or r.randint(1, max(1, int(1 + level * 28)))
    lines, tries = [], 0
    if level < .25 and r.random() < .5:
        y = r.randint(margin, max(margin, height - line_height * 2 - margin))
    while len(lines) < goal and tries < 12:
        tries += 1
        text, used = content.passage(r, assets.corpus), strike
        if level < .3:
            text = ' '.join(text.split()[:r.randint(1, 2 + int(20 * level))])
        if not lines and level > .3 and r.random() < .25:
            used, _ = assets.strike(r, min(48, int(size * r.uniform(1.2, 1.9))), font)
            text = ' '.join(word.capitalize() for word in text.split()[:5])
        for part in used.wrap(text, room / (1 + max(0, spacing) / max(4, size * .5))):
            if y + used.ascent + used.descent > height - margin or len(lines) >= (most_lines or goal + 2):
                break
            x = left if align == 'l' else left + (room - used.length(part)) / 2
            lines.append(draw_line(page, x, y, part, used, ink, spacing))
            y += max(line_height, int((used.ascent + used.descent) * 1.05))
        if r.random() < .3:
            y += line_height // 2
        if y > height - line_height - margin:
            break
    return Document(page, lines)


def form_page(r, assets, width, height, scale=1.0):
    page = paper(r, assets, width, height)
    size = int(r.randint(13, 24) * scale)
    strike, font = assets.strike(r, size)
    ink, margin, step = ink_for(r, page), r.randint(8, 26), int(size * r.uniform(1.4, 2.1))
    y, lines, fields = margin, [], []
    if r.random() < .6:
        title, _ = assets.strike(r, int(size * 1.5), font)
        lines.append(draw_line(page, margin, y, r.choice(content.FORM_TITLES), title, ink))
        y += int(size * 2.2)
    column = margin if r.random() < .75 else margin + int(width * .38)
    for name, value in content.form_fields(r, assets.corpus, r.randint(2, 9)):
        text = f'{name}: {value}'
        if y + step > height - 4:
            break
        if column > margin:   # values in a column of their own
            if strike.length(name) > column - margin - 6 or column + strike.length(value) > width - 4:
                continue
            label = page.text(margin, y, name, strike, ink)
            box = page.text(column, y, value, strike, ink)
            lines.append(Line(f'{name} {value}', (label[0], min(label[1], box[1]), box[2], max(label[3], box[3]))))
        else:
            if strike.length(text) > width - 2 * margin:
                continue
            line = draw_line(page, margin, y, text, strike, ink)
            lines.append(line)
            box = (margin + strike.length(f'{name}: '),) + line.box[1:]
        fields.append((name, value, box))
        if r.random() < .3:
            page.rectangle(margin, y + step - 4, width - margin, y + step - 3, (150, 150, 150))
        y += step
    return Document(page, lines, 'form', fields)


def notice_page(r, assets, width, height, scale=1.0):
    """A few lines, each in a size, weight and colour of its own: signs, posters, slides, cards."""
    page = paper(r, assets, width, height)
    if r.random() < .3:
        page.rectangle(0, 0, width, r.randint(4, 24), r.choice(list(COLOURS.values())))
    base, left = int(r.randint(13, 26) * scale), r.randint(6, max(7, width // 10))
    y, lines, align, font = r.randint(8, 40), [], r.choice('llc'), None
    for number in range(r.randint(2, 9)):
        size = int(base * (r.uniform(1.3, 2.2) if number == 0 and r.random() < .7 else r.uniform(.8, 1.15)))
        strike, font = assets.strike(r, min(64, size), font if r.random() < .7 else None)
        ink = ink_for(r, page)
        text = ' '.join(content.short_line(r, assets.corpus).split()[:r.randint(2, 9)])
        for part in strike.wrap(text, width - 2 * left)[:2]:
            if y + strike.ascent + strike.descent > height - 4:
                break
            x = left if align == 'l' else (width - strike.length(part)) / 2
            lines.append(draw_line(page, x, y, part, strike, ink))
            y += int((strike.ascent + strike.descent) * r.uniform(1.0, 1.3))
        y += int(base * r.uniform(0, 1.2))
    return Document(page, lines)


def receipt_page(r, assets, width, height, scale=1.0):
    """A receipt that fills the page or lies on a table."""
    page, left, right = paper(r, assets, width, height), 0, width
    if r.random() < .3:
        page = Page(background(r, assets, width, height))
        left, top = r.randint(4, width // 5), r.randint(2, 30)
        right = width - r.randint(4, width // 5)
        page.rectangle(left, top, right, height - r.randint(2, 20), (r.randint(240, 255),) * 3)
        ink = (r.randrange(0, 70),) * 3
    else:
        ink = ink_for(r, page)
    size = int(r.randint(12, 20) * scale)
    strike, font = assets.strike(r, size)
    margin, step = r.randint(8, 24), int(size * r.uniform(1.3, 1.7))
    title, _ = assets.strike(r, int(size * r.uniform(1.2, 1.6)), font)
    store, y, fields, total = content.store(r, assets.corpus), margin + (24 if left else 0), [], 0.0
    start, end, centred = left + margin, right - margin, r.random() < .5
    facts = {'date': None, 'address': None, 'phone': None}

    def heading(text, strike):
        x = (left + right - strike.length(text)) / 2 if centred else start
        return draw_line(page, x, y, text, strike, ink)

    def rule():
        page.rectangle(start, y, end, y + r.choice([1, 1, 2]), ink)

    lines = [heading(store, title)]
    y += int(size * 1.9)
    where = content.address(r)
    for fact, chance, written in (('address', .3, f'{where}, {r.choice(content.CITIES)}' if r.random() < .7 else where),
                                  ('phone', .1, r.choice(['Tel. ', 'Phone ', '']) + content.phone(r)), ('date', .6, content.date(r)),
                                  ('number', .1, 'Receipt No ' + content.code(r))):
        if r.random() < chance and strike.length(written) < end - start:
            lines.append(heading(written, strike))
            facts[fact] = written
            y += step
    if r.random() < .3:
        y += size // 3
        rule()
        y += size // 2

    def row(name, value, strike=strike):
        label = page.text(start, y, name, strike, ink)
        amount = page.text(end - strike.length(value), y, value, strike, ink)
        lines.append(Line(f'{name} {value}', (label[0], min(label[1], amount[1]), amount[2], max(label[3], amount[3]))))
        fields.append((name, value, amount))

    for item in content.items(r, assets.corpus, r.randint(2, 9 if height < 400 else 12)):
        if y + step * 2.4 > height - margin or strike.length(item) > end - start - size * 4:
            continue
        price = round(r.uniform(.5, 60), 2)
        total += price
        row(item, f'{price:.2f}')
        y += step
    items = list(fields)
    if r.random() < .8:
        y += 1
        rule()
    y += 5
    paid = f'{total:.2f}'
    row('Total', paid, title if r.random() < .35 and y + title.ascent < height - 4 else strike)
    total_box = fields[-1]
    if r.random() < .15 and y + 3.2 * step < height - 4:
        for name, value in (('Cash', total + 5), ('Change', 5.)):
            y += int(step * 1.2)
            row(name, f'{value:.2f}')
    if r.random() < .4 and y + 2.6 * step < height - 4:
        y += int(step * r.uniform(1.3, 2.0))
        lines.append(heading(r.choice(['Thank you!', 'Thank you for your visit', 'Please come again', 'Paid by card', 'Paid in cash', 'Thank you']),
                             strike))
    return Document(page, lines, 'receipt', fields, store=store, items=items, total=total_box, **facts)


def table_page(r, assets, width, height, scale=1.0):
    page = paper(r, assets, width, height)
    size = int(r.randint(11, 20) * scale)
    strike, _ = assets.strike(r, size)
    ink, margin, step = ink_for(r, page), r.randint(6, 18), int(size * r.uniform(1.4, 2.0))
    columns = r.randint(2, 4)
    x_step = (width - 2 * margin) / columns
    heads = r.sample(['Name', 'City', 'Item', 'Price', 'Year', 'Score', 'Count', 'Code', 'Size', 'Rank', 'Date', 'Team', 'Total'], columns)

    def cell(head):
        return {'Name': lambda: r.choice(content.FIRST_NAMES), 'Item': lambda: content.items(r, assets.corpus, 1)[0],
                'Team': lambda: r.choice(assets.corpus['words']).capitalize(), 'Total': lambda: content.money(r, 5000),
                'City': lambda: r.choice(content.CITIES), 'Price': lambda: content.money(r), 'Year': lambda: str(r.randint(1950, 2029)),
                'Code': lambda: content.gibberish(r, 2, 5).upper(), 'Size': lambda: r.choice(['S', 'M', 'L', 'XL']),
                'Date': lambda: f'{r.randint(1, 28):02d}/{r.randint(1, 12):02d}',
                }.get(head, lambda: str(r.randint(1, 999)))()

    rows = [heads] + [[cell(head) for head in heads] for _ in range(r.randint(2, 9))]
    y, lines, fields, ruled, shown = margin, [], [], r.random() < .6, []
    for number, values in enumerate(rows):
        if y + step > height - margin:
            break
        boxes = []
        for i, value in enumerate(values):
            while strike.length(value) > x_step - 8 and len(value) > 1:
                value = values[i] = value[:-1].rstrip()
            boxes.append(page.text(margin + 5 + i * x_step, y + (step - size * 1.2) / 2, value, strike, ink))
        lines.append(Line(' '.join(values), (boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))))
        shown.append(list(values))
        if number:
            fields += [(values[0], heads[i], values[i], boxes[i]) for i in range(1, columns)]
        if ruled:
            page.rectangle(margin, y, width - margin, y + 1, ink, 120)
        y += step
    if ruled:
        page.frame(margin, margin, width - margin, y, ink)
    unique = [f for f in fields if sum(g[0] == f[0] and g[1] == f[1] for g in fields) == 1]
    return Document(page, lines, 'table', unique, rows=shown)


def dialog_page(r, assets, width, height, scale=1.0):
    """A screenshot: a window with a title, a message and buttons."""
    pixels = background(r, assets, width, height)
    page = Page(pixels)
    dark = r.random() < .4
    value = r.randint(25, 60) if dark else r.randint(225, 255)
    ink = (235, 235, 235) if dark else (25, 25, 25)
    left, top = r.randint(4, max(5, width // 8)), r.randint(4, max(5, height // 4))
    right = width - r.randint(4, max(5, width // 8))
    size = int(r.randint(12, 18) * scale)
    strike, font = assets.strike(r, size)
    room, step = right - left - 28, int(size * 1.5)
    message = strike.wrap(r.choice(assets.corpus['sent']), room)[:6]
    bottom = min(height - 2, top + step * (len(message) + 1) + size * 4 + 24)
    page.rectangle(left, top, right, bottom, (value,) * 3)
    bar = r.choice(list(COLOURS.values())) if r.random() < .5 else (value,) * 3
    page.rectangle(left, top, right, top + step + 8, bar)
    title = r.choice(['Warning', 'Error', 'Save changes?', 'Information', 'Delete file', 'Update available', 'Settings', 'Confirm', 'Sign in'])
    lines = [draw_line(page, left + 12, top + 6, title, strike, (250,) * 3 if sum(bar) < 380 else (20,) * 3)]
    y = top + step + 18
    for text in message:
        if y + step > bottom - size * 2:
            break
        lines.append(draw_line(page, left + 14, y, text, strike, ink))
        y += step
    labels, x, y = r.sample(['OK', 'Cancel', 'Yes', 'No', 'Save', 'Retry', 'Close', 'Help', 'Apply', 'Delete'], r.randint(1, 3)), left + 14, y + 8
    fields, boxes = [], []
    for label in labels:
        button = x + strike.length(label) + 24
        if button > right - 4:
            break
        page.frame(x, y, button, y + size * 1.8, (120,) * 3)
        box = page.text(x + 12, y + size * .3, label, strike, ink)
        boxes.append((label, box, (x, y, button, y + size * 1.8)))
        fields.append(('the ' + label + ' button', label, boxes[-1][2]))
        x = button + 12
    if boxes:
        lines.append(Line(' '.join(b[0] for b in boxes), (boxes[0][1][0], boxes[0][1][1], boxes[-1][1][2], boxes[-1][1][3])))
    return Document(page, lines, 'dialog', fields, title=title, buttons=[b[0] for b in boxes])


def chart_page(r, assets, width, height, scale=1.0):
    width, height = max(width, 260), max(height, 240)
    page = paper(r, assets, width, height)
    strike, font = assets.strike(r, int(r.randint(13, 17) * scale))
    ink, count = ink_for(r, page), r.randint(3, 6)
    labels = r.choice([r.sample([m[:3] for m in content.MONTHS], count), r.sample(content.CITIES, count),
                       [str(2015 + i) for i in range(count)], list('ABCDEF')[:count],
                       r.sample(['Red', 'Blue', 'Green', 'Pink', 'Gray', 'Brown', 'Black'], count)])
    values = r.sample(range(5, 100), count)
    margin, top, bottom = 18, int(46 * scale), height - int(30 * scale)
    step = (width - 2 * margin) / count
    title = r.choice(['Sales', 'Visitors', 'Revenue', 'Rainfall', 'Score', 'Users', 'Output', 'Orders', 'Members'])
    lines = [draw_line(page, margin, 10, title, assets.strike(r, int(20 * scale), font)[0], ink)]
    colour, bars = r.choice(list(COLOURS.values())), []
    for i, value in enumerate(values):
        left, right = margin + step * (i + .18), margin + step * (i + .82)
        y = bottom - (bottom - top) * value / 100
        page.rectangle(left, y, right, bottom, colour if r.random() < .8 else r.choice(list(COLOURS.values())))
        page.frame(left, y, right, bottom, ink)
        middle = (left + right) / 2
        page.text(middle - strike.length(str(value)) / 2, y - strike.size * 1.35, str(value), strike, ink)
        page.text(middle - strike.length(labels[i]) / 2, bottom + 4, labels[i], strike, ink)
        bars.append((labels[i], value, (int(left), int(y), int(right), int(bottom))))
    return Document(page, lines, 'chart', bars, title=title)
