"""Documents: free text, forms, receipts, tables, dialogs and bar charts, with questions whose answers are known exactly."""
import numpy as np

import content
from content import COLOURS, NUMBER_WORDS
from raster import Page
from scenes import REF, REF_END, background, boxes_text, normalised, reference

READ = ['OCR', 'Read the text.', 'Read the text in the image.', 'Transcribe the text.', 'What does it say?',
        'Extract the text from this image.', 'What is written here?', 'Read this.', 'Transcribe this document.', 'Extract all text.',
        'OCR this image.']


class Line:
    """A line of a document: what is written, its ink box and, where phrases may be located, its start and strike."""

    def __init__(self, text, box, start=None, strike=None, spacing=0.0):
        self.text, self.box, self.start, self.strike, self.spacing = text, box, start, strike, spacing


class Document:
    """A drawn page with its lines; `fields` are (name, value, box); `kind` selects the field questions."""

    def __init__(self, page, lines, kind='text', fields=(), **facts):
        self.page, self.lines, self.kind, self.fields, self.facts = page, lines, kind, list(fields), facts


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


def form_page(r, assets, width, height):
    page = paper(r, assets, width, height)
    size = r.randint(13, 24)
    strike, font = assets.strike(r, size)
    ink, margin, step = ink_for(r, page), r.randint(8, 26), int(size * r.uniform(1.4, 2.1))
    y, lines, fields = margin, [], []
    if r.random() < .6:
        title, _ = assets.strike(r, int(size * 1.5), font)
        lines.append(draw_line(page, margin, y, r.choice(content.FORM_TITLES), title, ink))
        y += int(size * 2.2)
    column = margin if r.random() < .75 else margin + int(width * .38)
    for name in r.sample(list(content.FIELDS), r.randint(2, 8)):
        value = content.FIELDS[name](r)
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


def receipt_page(r, assets, width, height):
    page = paper(r, assets, width, height)
    size = r.randint(12, 20)
    strike, font = assets.strike(r, size)
    ink, margin, step = ink_for(r, page), r.randint(8, 24), int(size * r.uniform(1.3, 1.7))
    title, _ = assets.strike(r, int(size * 1.35), font)
    store, y, fields, total = r.choice(content.STORES), margin, [], 0.0
    lines = [draw_line(page, margin, y, store, title, ink)]
    y += int(size * 1.9)
    if r.random() < .6:
        lines.append(draw_line(page, margin, y, content.date(r), strike, ink))
        y += step

    def row(name, value):
        left = page.text(margin, y, name, strike, ink)
        right = page.text(width - margin - strike.length(value), y, value, strike, ink)
        lines.append(Line(f'{name} {value}', (left[0], min(left[1], right[1]), right[2], max(left[3], right[3]))))
        fields.append((name, value, right))

    for item in r.sample(content.ITEMS, r.randint(2, 9)):
        if y + step * 2.4 > height - margin:
            break
        price = round(r.uniform(.5, 60), 2)
        total += price
        row(item, f'{price:.2f}')
        y += step
    items = list(fields)
    page.rectangle(margin, y + 1, width - margin, y + 2, ink)
    y += 6
    row('Total', f'{total:.2f}')
    return Document(page, lines, 'receipt', fields, store=store, items=items)


def table_page(r, assets, width, height):
    page = paper(r, assets, width, height)
    size = r.randint(11, 20)
    strike, _ = assets.strike(r, size)
    ink, margin, step = ink_for(r, page), r.randint(6, 18), int(size * r.uniform(1.4, 2.0))
    columns = r.randint(2, 4)
    x_step = (width - 2 * margin) / columns
    heads = r.sample(['Name', 'City', 'Price', 'Year', 'Score', 'Count', 'Code', 'Size', 'Rank', 'Date'], columns)

    def cell(head):
        return {'Name': lambda: r.choice(content.FIRST_NAMES), 'City': lambda: r.choice(content.CITIES), 'Price': lambda: content.money(r),
                'Year': lambda: str(r.randint(1950, 2029)), 'Code': lambda: content.gibberish(r, 2, 5).upper(),
                'Size': lambda: r.choice(['S', 'M', 'L', 'XL']), 'Date': lambda: f'{r.randint(1, 28):02d}.{r.randint(1, 12):02d}.',
                }.get(head, lambda: str(r.randint(1, 999)))()

    rows = [heads] + [[cell(head) for head in heads] for _ in range(r.randint(2, 9))]
    y, lines, fields, ruled = margin, [], [], r.random() < .6
    for number, values in enumerate(rows):
        if y + step > height - margin:
            break
        boxes = []
        for i, value in enumerate(values):
            while strike.length(value) > x_step - 8 and len(value) > 1:
                value = values[i] = value[:-1]
            boxes.append(page.text(margin + 5 + i * x_step, y + (step - size * 1.2) / 2, value, strike, ink))
        lines.append(Line(' '.join(values), (boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))))
        if number:
            fields += [(values[0], heads[i], values[i], boxes[i]) for i in range(1, columns)]
        if ruled:
            page.rectangle(margin, y, width - margin, y + 1, ink, 120)
        y += step
    if ruled:
        page.frame(margin, margin, width - margin, y, ink)
    unique = [f for f in fields if sum(g[0] == f[0] and g[1] == f[1] for g in fields) == 1]
    return Document(page, lines, 'table', unique)


def dialog_page(r, assets, width, height):
    """A screenshot: a window with a title, a message and buttons."""
    pixels = background(r, assets, width, height)
    page = Page(pixels)
    dark = r.random() < .4
    value = r.randint(25, 60) if dark else r.randint(225, 255)
    ink = (235, 235, 235) if dark else (25, 25, 25)
    left, top = r.randint(4, max(5, width // 8)), r.randint(4, max(5, height // 4))
    right = width - r.randint(4, max(5, width // 8))
    size = r.randint(12, 18)
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
    return Document(page, lines, 'dialog', fields, buttons=[b[0] for b in boxes])


def chart_page(r, assets, width, height):
    width, height = max(width, 260), max(height, 240)
    page = paper(r, assets, width, height)
    strike, font = assets.strike(r, r.randint(13, 17))
    ink, count = ink_for(r, page), r.randint(3, 6)
    labels = r.choice([r.sample([m[:3] for m in content.MONTHS], count), r.sample(content.CITIES, count),
                       [str(2015 + i) for i in range(count)], list('ABCDEF')[:count],
                       r.sample(['Red', 'Blue', 'Green', 'Pink', 'Gray', 'Brown', 'Black'], count)])
    values = r.sample(range(5, 100), count)
    margin, top, bottom = 18, 46, height - 30
    step = (width - 2 * margin) / count
    title = r.choice(['Sales', 'Visitors', 'Revenue', 'Rainfall', 'Score', 'Users', 'Output', 'Orders', 'Members'])
    lines = [draw_line(page, margin, 10, title, assets.strike(r, 20, font)[0], ink)]
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


# ---------------------------------------------------------------- questions
class DocumentQuestions:
    def __init__(self, r, document):
        self.r, self.document, self.page = r, document, document.page
        self.lines, self.fields, self.facts = document.lines, document.fields, document.facts

    def box(self, box):
        return normalised(box, self.page.width, self.page.height)

    def read(self):
        return self.r.choice(READ), '\n'.join(line.text for line in self.lines)

    def locate(self):
        """A phrase of one to four words that occurs once."""
        lines = [line for line in self.lines if line.strike]
        if not lines:
            return None
        line = self.r.choice(lines)
        words = line.text.split(' ')
        first = self.r.randrange(len(words))
        last = min(len(words), first + self.r.randint(1, 4))
        phrase = ' '.join(words[first:last])
        if len(phrase) < 2 or '|' in phrase or sum(other.text.count(phrase) for other in self.lines) != 1:
            return None
        before = ' '.join(words[:first]) + (' ' if first else '')
        left = line.start + line.strike.length(before) + line.spacing * len(before)
        right = left + line.strike.length(phrase) + line.spacing * len(phrase)
        question = self.r.choice(['{}', 'Locate {} in the given image.', 'Where is {}?', 'Find {}', 'Find the text {}'])
        return question.format(REF + phrase + REF_END), reference(phrase, [self.box((left, line.box[1], right, line.box[3]))])

    def read_at(self):
        line = self.r.choice(self.lines)
        question = self.r.choice(['What is written at {}?', 'Read the text at {}.'])
        return question.format(boxes_text([self.box(line.box)])), line.text

    def nth_line(self):
        i = self.r.randrange(min(len(self.lines), 5))
        return f'Read the {["first", "second", "third", "fourth", "fifth"][i]} line.', self.lines[i].text

    def title(self):
        return self.r.choice(['What is the title?', 'What is the first line?']), self.lines[0].text

    def field(self):
        if not self.fields:
            return None
        r, kind, field = self.r, self.document.kind, self.r.choice(self.fields)
        if kind == 'table':
            row, head, value, box = field
            return r.choice([f'What is the {head.lower()} of {row}?', f'{head} of {row}?']), f'The {head.lower()} of {row} is {value}.'
        name, value, box = field
        if r.random() < .25:
            asked = name if kind == 'dialog' else value
            return r.choice(['{}', 'Locate {} in the given image.']).format(REF + asked + REF_END), reference(asked, [self.box(box)])
        if kind == 'dialog':
            buttons = self.facts['buttons']
            answer = f'The buttons are {content.listed(buttons)}.' if len(buttons) > 1 else f'There is one button: {value}.'
            return r.choice(['Which buttons are there?', 'What buttons can I press?']), answer
        if kind == 'receipt' and name == 'Total':
            return r.choice(['What is the total?', 'How much is the total?', 'What is the total amount?']), f'The total is {value}.'
        if kind == 'receipt':
            return r.choice([f'How much is the {name}?', f'What is the price of {name}?']), f'The price of {name} is {value}.'
        return r.choice([f'What is the {name.lower()}?', f'{name}?', f'What {name.lower()} is given?']), f'The {name.lower()} is {value}.'

    def receipt(self):
        items = self.facts.get('items')
        if not items:
            return None
        count = len(items)
        bought = f'{NUMBER_WORDS[count].capitalize()} items were bought.' if count > 1 else 'One item was bought.'
        dearest = max(items, key=lambda item: float(item[1]))[0]
        return self.r.choice([('What is the name of the store?', self.facts['store']), ('How many items were bought?', bought),
                              ('What is the most expensive item?', f'The most expensive item is {dearest}.')])

    def chart(self):
        bars, title = self.fields, self.facts['title']
        highest, lowest = max(bars, key=lambda b: b[1]), min(bars, key=lambda b: b[1])
        one, other = self.r.choice(bars), self.r.choice(bars)
        summary = ', '.join(f'{label} {value}' for label, value, _ in bars)
        return self.r.choice([
            ('What is the title of the chart?', f'The title is {title}.'),
            ('Which bar is the highest?', f'{highest[0]} is the highest with {highest[1]}.'),
            ('Which bar is the lowest?', f'{lowest[0]} is the lowest with {lowest[1]}.'),
            (f'What is the value of {one[0]}?', f'The value of {one[0]} is {one[1]}.'),
            ('List all values.', '\n'.join(f'{label}: {value}' for label, value, _ in bars)),
            ('Describe the chart.', f'The bar chart "{title}" has {NUMBER_WORDS[len(bars)]} bars: {summary}.'),
            (f'{REF}the bar of {other[0]}{REF_END}', reference(f'the bar of {other[0]}', [self.box(other[2])])),
            (f'{REF}the highest bar{REF_END}', reference('the highest bar', [self.box(highest[2])]))])

    def turns(self, count, read_first):
        if self.document.kind == 'chart':
            turns = []
            for _ in range(count * 2):
                turn = self.chart()
                if turn not in turns and len(turns) < count:
                    turns.append(turn)
            return turns
        turns = [self.read()] if read_first else []
        kinds = [(self.locate, 6), (self.read_at, 2), (self.nth_line, 2), (self.title, .5), (self.field, 9 if self.fields else 0),
                 (self.receipt, 4 if self.document.kind == 'receipt' else 0)]
        for _ in range(12):
            if len(turns) >= count:
                break
            turn = self.r.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()
            if turn:
                turns.append(turn)
        return turns or [self.read()]
