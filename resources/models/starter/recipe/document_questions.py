"""Questions about documents, with answers that are known exactly."""
import content
import signs
from content import NUMBER_WORDS, listed
from scene_questions import DESCRIBE, DESCRIBE_WITH_BOXES, PLAIN, READ, SceneQuestions, none_of
from scenes import GROUNDING, REF, REF_END, boxes_text, normalised, reference
from signs import ABSENT

MARKDOWN = ['Convert the table to Markdown.', 'Table to Markdown', 'Write the table as Markdown.', 'Give me the table as markdown.',
            'Turn this table into Markdown.', 'Extract the table as Markdown.']

OTHER_HEADS = 'Name City Price Year Score Size Rank Team Weight Colour'.split()
OTHER_FIELDS = ['Total', 'Price', 'Invoice number', 'Phone number', 'Tax', 'Discount', 'Receipt number', 'Age', 'Website', 'Country', 'Postcode',
                'Colour', 'Weight']


class DocumentQuestions:
    def __init__(self, r, document, assets=None):
        self.r, self.document, self.page, self.assets = r, document, document.page, assets
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
        return self._request(phrase), reference(phrase, [self.box((left, line.box[1], right, line.box[3]))])

    def locate_absent(self):
        """A word that is not there, or a thing that is not pictured."""
        if self.assets is None:
            return None
        if self.r.random() < .35:
            questions = SceneQuestions(self.r, self.assets, self.page)
            return self.r.choice([questions.locate, questions.count, questions.exists, questions.position])()
        phrase = ' '.join(content.passage(self.r, self.assets.corpus).split()[:self.r.randint(1, 2)])
        text = '\n'.join(line.text for line in self.lines).lower()
        if len(phrase) < 3 or '|' in phrase or phrase.lower() in text:
            return None
        return self._request(phrase), none_of(phrase, phrase)

    def _request(self, phrase):
        if self.r.random() < .2:
            return self.r.choice(PLAIN[:12]).replace(' the {}', ' {}').format(f'"{phrase}"')
        question = self.r.choice(['{}', '{}', 'Locate {} in the given image.', 'Where is {}?', 'Find {}', 'Find the text {}'])
        return question.format(REF + phrase + REF_END)

    def read_at(self):
        line = self.r.choice(self.lines)
        question = self.r.choice(['What is written at {}?', 'Read the text at {}.', 'Read the text in {}.'])
        return question.format(boxes_text([self.box(line.box)])), line.text

    def nth_line(self):
        i = self.r.randrange(min(len(self.lines), 5))
        return f'Read the {["first", "second", "third", "fourth", "fifth"][i]} line.', self.lines[i].text

    def last_line(self):
        return 'Read the last line.', self.lines[-1].text

    def title(self):
        return self.r.choice(['What is the title?', 'What is the first line?', 'What is the heading?']), self.lines[0].text

    def describe(self):
        return self.r.choice(DESCRIBE), self._summary()

    def _summary(self):
        kind, facts = self.document.kind, self.facts
        if kind == 'form':
            return f'The image shows a form with the fields {listed([field[0] for field in self.fields])}.'
        if kind == 'receipt':
            count = len(facts['items'])
            bought = f'{NUMBER_WORDS[count]} items' if count > 1 else 'one item'
            return f'The image shows a receipt of {facts["store"]} with {bought} and a total of {facts["total"][1]}.'
        if kind == 'table':
            return f'The image shows a table with the columns {listed(facts["rows"][0])} and {len(facts["rows"]) - 1} rows.'
        if kind == 'sign':
            return f'The image shows a sign of {facts["name"]} with {NUMBER_WORDS[len(self.lines)]} lines of text.' if len(self.lines) < 13 else \
                f'The image shows a sign of {facts["name"]} with many lines of text.'
        if kind == 'dialog':
            return f'The image shows a dialog "{facts["title"]}" with {self._buttons()}.'
        count = len(self.lines)
        amount = 'one line' if count == 1 else f'{NUMBER_WORDS[count]} lines' if count < 9 else 'many lines'
        return f'The image shows {amount} of text. It begins "{self.lines[0].text}".'

    def _buttons(self):
        buttons = self.facts['buttons']
        return 'no buttons' if not buttons else f'the button {buttons[0]}' if len(buttons) == 1 else f'the buttons {listed(buttons)}'

    def describe_with_boxes(self):
        """The first lines of text, each with its box."""
        shown = [reference(line.text, [self.box(line.box)]) for line in self.lines[:6] if '|' not in line.text]
        return (GROUNDING + self.r.choice(DESCRIBE_WITH_BOXES), f'The image shows the text {listed(shown)}.') if shown else None

    def markdown(self):
        rows = self.facts['rows']
        written = ['| ' + ' | '.join(row) + ' |' for row in rows]
        return self.r.choice(MARKDOWN), '\n'.join(written[:1] + ['|' + ' --- |' * len(rows[0])] + written[1:])

    def table(self):
        rows, r = self.facts['rows'], self.r
        if len(rows) < 2:
            return None
        column, k = r.randrange(len(rows[0])), r.random()
        if k < .4:
            return f'Read the column {rows[0][column]}.', '\n'.join(row[column] for row in rows[1:])
        if k < .7:
            number = r.randint(1, min(5, len(rows) - 1))
            return f'Read row {number} of the table.', ' '.join(rows[number])
        return r.choice([('How many rows does the table have?', f'The table has {len(rows) - 1} rows.'),
                         ('What are the columns?', f'The columns are {listed(rows[0])}.')])

    def field(self):
        if not self.fields:
            return None
        r, kind, field = self.r, self.document.kind, self.r.choice(self.fields)
        if kind == 'table':
            row, head, value, box = field
            return r.choice([f'What is the {head.lower()} of {row}?', f'{head} of {row}?', f'Which {head.lower()} has {row}?']), \
                f'The {head.lower()} of {row} is {value}.'
        name, value, box = field
        if r.random() < .25:
            asked = name if kind == 'dialog' else value
            return r.choice(['{}', 'Locate {} in the given image.']).format(REF + asked + REF_END), reference(asked, [self.box(box)])
        if kind == 'dialog':
            buttons = self.facts['buttons']
            answer = f'The buttons are {listed(buttons)}.' if len(buttons) > 1 else f'There is one button: {value}.'
            return r.choice(['Which buttons are there?', 'What buttons can I press?']), answer
        if kind == 'receipt' and (name in ('Total', 'Cash', 'Change') or r.random() < .12):
            return r.choice(['What is the total?', 'How much is the total?', 'What is the total amount?', 'How much in total?', 'Total?',
                             'How much was paid?', 'How much did it cost?', 'What did they pay?', 'What is the sum?', 'How much is it in total?',
                             'How much do I have to pay?', 'What does everything cost together?']), f'The total is {self.facts["total"][1]}.'
        if kind == 'receipt':
            return r.choice([f'How much is the {name}?', f'What is the price of {name}?', f'How much does the {name} cost?',
                             f'Price of {name}?', f'What does the {name} cost?', f'How much did they pay for the {name}?',
                             f'{name}?']), f'The price of {name} is {value}.'
        return self._ask(name), f'The {name.lower()} is {value}.'

    def _ask(self, name):
        r, name = self.r, name.lower()
        return r.choice([f'What is the {name}?', f'What is the {name}?', f'{name.capitalize()}?', f'What {name} is given?', f'Tell me the {name}.',
                         f'Which {name} is given?', f'Give me the {name}.', f'Can you tell me the {name}?', f'What does it say for {name}?',
                         f'I need the {name}.', f'Is there a {name}, and what is it?'])

    def absent_field(self):
        """Asked for what the document does not hold, in the forms that are used for what it holds."""
        r, kind = self.r, self.document.kind
        text = '\n'.join(line.text for line in self.lines).lower()
        if kind == 'receipt' and r.random() < .6:
            name = content.items(r, self.assets.corpus, 1)[0]
            if name.lower() in text:
                return None
            return r.choice([f'How much is the {name}?', f'What is the price of {name}?', f'How much does the {name} cost?', f'Price of {name}?',
                             f'What does the {name} cost?', f'How much did they pay for the {name}?']), ABSENT
        if kind == 'table':
            rows = self.facts['rows']
            if r.random() < .4 or len(rows) < 2:
                row, head = r.choice(content.LAST_NAMES + content.ITEMS), r.choice(rows[0])
            else:
                row, head = r.choice(rows[1:])[0], r.choice([head for head in OTHER_HEADS if head not in rows[0]])
            if row.lower() in text and row not in [row[0] for row in rows[1:]]:
                return None
            return r.choice([f'What is the {head.lower()} of {row}?', f'{head} of {row}?']), ABSENT
        names = [name for name in list(content.FIELDS) + OTHER_FIELDS if name != 'Title'
                 and not any(word in text for word in name.lower().split() if len(word) > 2) and self._cannot_be_meant(name)]
        return (self._ask(r.choice(names)), ABSENT) if names else None

    def _cannot_be_meant(self, name):
        """Whether nothing on the page could be taken for a field of this name, also without its label."""
        kind, name = self.document.kind, name.lower()
        if kind == 'form':
            held = ' '.join(field[0].lower() for field in self.fields)
            related = [('phone', 'phone'), ('date', 'date'), ('number', ' no'), ('number', 'account'), ('name', 'name'), ('name', 'customer'),
                       ('customer', 'name'), ('city', 'address'), ('address', 'email'), ('total', 'amount'), ('price', 'amount'), ('amount', 'total')]
            return not any(a in name and b in held for a, b in related)
        if kind == 'receipt':
            facts = self.facts
            return not (name in ('name', 'customer', 'amount', 'title', 'price', 'email', 'city', 'receipt number', 'invoice number', 'total')
                        or 'date' in name and facts['date'] or 'address' in name and facts['address'] or 'phone' in name and facts['phone'])
        return name in ('total', 'tax', 'discount', 'invoice number', 'flight', 'gate', 'seat', 'due date', 'date of birth', 'receipt number',
                        'department', 'postcode', 'website', 'amount')

    def sign(self):
        return signs.ask(self.r, self.facts)

    def receipt(self):
        items = self.facts.get('items')
        if not items:
            return None
        count = len(items)
        bought = f'{NUMBER_WORDS[count].capitalize()} items were bought.' if count > 1 else 'One item was bought.'
        dearest = max(items, key=lambda item: float(item[1]))[0]
        cheapest = min(items, key=lambda item: float(item[1]))[0]
        r, facts = self.r, self.facts
        if r.random() < .4:
            fact = r.choice(['date', 'date', 'address', 'phone'])
            question = r.choice({'date': ['What is the date?', 'When was it?', 'Which day was it?', 'Date?', 'When was this bought?'],
                                 'address': ['What is the address?', 'Where is the shop?', 'Address of the store?', 'In which street is it?'],
                                 'phone': ['What is the phone number?', 'Phone number?', 'Is there a phone number?']}[fact])
            label = {'date': 'The date', 'address': 'The address', 'phone': 'The phone number'}[fact]
            value = facts[fact]
            for start in ('Tel. ', 'Phone '):
                value = value[len(start):] if value and value.startswith(start) else value
            return question, f'{label} is {value}.' if value else ABSENT
        return r.choice([('What is the name of the store?', facts['store']), ('How many items were bought?', bought),
                         (r.choice(['Which shop is it?', 'Where was this bought?', 'What is the name of the shop?']), facts['store']),
                         (r.choice(['What is the most expensive item?', 'What cost the most?', 'Which item is the dearest?']),
                          f'The most expensive item is {dearest}.'),
                         (r.choice(['What is the cheapest item?', 'Which item costs the least?']), f'The cheapest item is {cheapest}.'),
                         (r.choice(['List the items.', 'What was bought?', 'Which items are on the receipt?']),
                          '\n'.join(item[0] for item in items))])

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
            (self.r.choice(['Describe the chart.'] + DESCRIBE[:4]), f'The bar chart "{title}" has {NUMBER_WORDS[len(bars)]} bars: {summary}.'),
            (f'{REF}the bar of {other[0]}{REF_END}', reference(f'the bar of {other[0]}', [self.box(other[2])])),
            (f'{REF}the highest bar{REF_END}', reference('the highest bar', [self.box(highest[2])]))])

    def kinds(self):
        kind = self.document.kind
        if kind == 'chart':
            return [(self.chart, 1)]
        return [(self.locate, 6), (self.locate_absent, 2.5), (self.read_at, 2), (self.nth_line, 2), (self.last_line, .5), (self.title, .5),
                (self.describe, 1.2), (self.describe_with_boxes, .7), (self.field, 9 if self.fields and kind != 'sign' else 0),
                (self.receipt, 5 if kind == 'receipt' else 0), (self.absent_field, 4 if self.assets and kind != 'sign' else 0),
                (self.sign, 22 if kind == 'sign' else 0), (self.table, 3 if kind == 'table' else 0),
                (self.markdown, 4 if kind == 'table' else 0)]

    def turns(self, count, read_first):
        turns, kinds = [self.read()] if read_first and self.document.kind != 'chart' else [], self.kinds()
        for _ in range(count * 3):
            if len(turns) >= count:
                break
            turn = self.r.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()
            if turn and turn not in turns:
                turns.append(turn)
        return turns or [self.read()]
