"""Questions about scenes, with answers that are known exactly. The form of a question never tells whether the thing is there."""
from content import COLOURS, NUMBER_WORDS, counted, is_plural, listed, plural, with_article
from scenes import GROUNDING, REF, REF_END, boxes_text, grouped, normalised, reference, where

NOTHING = 'I see nothing that I know in this image. I am a small demonstration model for printed text and simple pictures.'
NO_TEXT = 'There is no text in the image.'
DESCRIBE = ['Describe this image in detail.', 'Describe this image in detail.', 'Describe the image.', 'What is in this image?', 'What do you see?',
            'Describe this picture.', 'What does the image show?', 'Can you describe the content of the image?', 'What is this?',
            'Describe it.', 'What is shown here?', 'Tell me what you see.', 'What is on the picture?', 'What can you see in this picture?',
            'Name everything in the image.', 'List the objects.', 'What objects are there?', 'Which things are in the picture?',
            'What does this picture contain?', 'Give me a description.', 'Which objects do you recognize?']
DESCRIBE_WITH_BOXES = ['Describe this image in detail.', 'Describe this image in detail.', 'Can you describe the content of the image?',
                       'Describe the image.', 'What is in this image?', 'What do you see?', 'Describe each object in the image.']
READ = ['OCR', 'Read the text.', 'Read the text in the image.', 'Transcribe the text.', 'What does it say?',
        'Extract the text from this image.', 'What is written here?', 'Read this.', 'Transcribe this document.', 'Extract all text.',
        'OCR this image.', 'Read the text in the image.', 'Read it to me.', 'What is the text?', 'Can you read this?', 'Read all the text.']
PLAIN = ['Find the {}.', 'Locate the {}', 'Show me the {}.', 'Point to the {}.', 'Draw a box around the {}.', 'Highlight the {}.',
         'Mark the {}.', 'Detect the {}', 'Find {}', 'Can you find the {}?', 'Please locate the {}.', 'I am looking for the {}.',
         'Box the {}.', 'Mark all {}.', 'Find all {}', 'Put a box on every {}.', 'Can you show me the {}?', 'Search for the {}']
TAGGED = ['{}', '{}', 'Locate {} in the given image.', 'Find {}', 'Find all the {}', 'Where is {}?', 'Detect {}',
          'Please locate {} in the image.', 'Locate {}', 'Show {}']


def none_of(name, asked=None):
    """The denial of a thing; of several where it was asked for in the plural."""
    asked = asked or name
    return f'There are no {asked} in the image.' if is_plural(name) or asked != name else f'There is no {name} in the image.'


class SceneQuestions:
    """Question and answer pairs about one scene; `texts` are lines written on it, top to bottom."""

    def __init__(self, r, assets, page, texts=()):
        self.r, self.assets, self.objects, self.texts = r, assets, page.objects, list(texts)
        self.colours = page.colours
        self.width, self.height = page.width, page.height
        self.groups = grouped(page.objects)
        self.names = list(self.groups)
        shapes = bool(self.names) and self.names[0] not in assets.corpus['classes']
        # a blue star may also be asked for as a star
        self.shapes = shapes
        self.findable = {**self.groups, **grouped((name.split(' ')[1], box) for name, box in page.objects)} if shapes else self.groups
        self.unasked = []
        others = assets.shapes if shapes and r.random() < .7 else assets.names
        self.absent = [name for name in r.sample(others, 8) if name not in self.findable][:4]

    def boxes(self, boxes):
        return [normalised(box, self.width, self.height) for box in boxes]

    def known(self):
        """A name that is there, each once before any again."""
        if not self.unasked:
            self.unasked = self.r.sample(list(self.findable), len(self.findable))
        return self.unasked.pop()

    def missing(self):
        return self.r.choice(self.absent)

    def asked(self, name, count):
        """The name as a question may put it."""
        return plural(name) if self.r.random() < (.6 if count > 1 else .12 if count else .25) else name

    def tagged_name(self, asked):
        return self.r.choice([asked, asked, asked, f'the {asked}', f'The {asked}.'])

    def locate(self, name=None):
        name = name or (self.known() if self.names else self.missing())
        found = self.findable.get(name, [])
        asked = self.asked(name, len(found))
        if self.r.random() < .4:
            question = self.r.choice(PLAIN).format(asked)
            return question, reference(asked, self.boxes(found)) if found else none_of(name, asked)
        phrase = self.tagged_name(asked)
        question = self.r.choice(TAGGED).format(REF + phrase + REF_END)
        return question, reference(phrase, self.boxes(found)) if found else none_of(name, asked)

    def locate_absent(self):
        return self.locate(self.missing())

    def describe(self):
        parts = [counted(name, len(boxes)) for name, boxes in self.groups.items()]
        question = self.r.choice(DESCRIBE)
        if self.texts:
            parts.append(f'the text "{self.texts[0]}"')
        if not parts:
            return question, NOTHING
        text = listed(parts)
        if question == 'What is this?' and len(self.names) == 1 and not self.texts:
            many = len(self.groups[self.names[0]]) > 1 or is_plural(self.names[0])
            return question, f'{"These are" if many else "This is"} {text}.'
        return question, f'The image shows {text}.'

    def describe_with_boxes(self):
        parts = []
        for name, boxes in self.groups.items():
            article, noun = counted(name, len(boxes)).split(' ', 1)
            parts.append(f'{article} {reference(noun, self.boxes(boxes))}')
        question = GROUNDING + self.r.choice(DESCRIBE_WITH_BOXES)
        return question, f'The image shows {listed(parts)}.' if parts else NOTHING

    def read(self):
        return self.r.choice(READ), '\n'.join(self.texts) or NO_TEXT

    def count(self, name=None):
        name = name or (self.known() if self.names and self.r.random() < .75 else self.missing())
        if is_plural(name):       # nobody counts scissors by halves
            return self.exists(name)
        count = len(self.findable.get(name, []))
        question = self.r.choice(['How many {} are there?', 'How many {} are in the image?', 'Count the {}.', 'How many {} do you see?',
                                  'How many {} can you count?', 'Number of {}?', 'How many {}?', 'Tell me how many {} there are.',
                                  'What is the number of {}?', 'How many {} does the image show?', 'I want to know how many {} there are.'])
        question = question.format(plural(name))
        if count == 0:
            return question, f'There are no {plural(name)} in the image.'
        if count == 1:
            return question, f'There is one {name}.'
        return question, f'There are {NUMBER_WORDS[count]} {plural(name)}.'

    def exists(self, name=None):
        """As often yes as no."""
        name = name or (self.known() if self.names and self.r.random() < .5 else self.missing())
        asked = 'any ' + name if is_plural(name) else with_article(name)
        question = self.r.choice(['Is there {} in the image?', 'Do you see {}?', 'Can you see {} here?', 'Is there {}?',
                                  'Does the image show {}?', 'Is there {} in this picture?'])
        question = f'Are there any {plural(name)}?' if self.r.random() < .15 else question.format(asked)
        found = self.findable.get(name)
        if not found:
            return question, 'No, t' + none_of(name)[1:]
        if len(found) > 1:
            return question, f'Yes, there are {counted(name, len(found))}.'
        verb = 'are' if is_plural(name) else 'is'
        return question, f'Yes, there {verb} {counted(name, 1)} {where(found[0], self.width, self.height)}.'

    def position(self):
        name = self.known() if self.names and self.r.random() < .75 else self.missing()
        found = self.findable.get(name, [])
        verb = 'are' if is_plural(name) or len(found) > 1 or not found and self.r.random() < .2 else 'is'
        asked = plural(name) if verb == 'are' else name
        question = self.r.choice([f'Where {verb} the {asked}?', f'Where {verb} the {asked}?', f'In which part of the image {verb} the {asked}?',
                                  f'Where {verb} {asked}?', f'Where do you see the {asked}?'])
        if not found:
            return question, none_of(name, asked)
        if len(found) > 1:
            return question, f'There are {NUMBER_WORDS[len(found)]} {reference(plural(name), self.boxes(found))}.'
        place = where(found[0], self.width, self.height)
        return question, f'The {reference(name, self.boxes(found))} {verb} {place} of the image.'

    def what_is_at(self):
        name = self.r.choice(self.names)
        box = self.r.choice(self.groups[name])
        question = self.r.choice(['What is at {}?', 'What is at {}?', 'What is in {}?', 'What do you see at {}?'])
        return question.format(boxes_text(self.boxes([box]))), f'These are {name}.' if is_plural(name) else f'This is {with_article(name)}.'

    def total(self):
        count, noun = len(self.objects), 'shape' if self.shapes and self.r.random() < .6 else 'object'
        question = self.r.choice([f'How many {noun}s are there?', f'Count all the {noun}s.', 'How many things do you see?',
                                  f'How many {noun}s are in the picture?', f'How many {noun}s are there in total?'])
        if 'things' in question:
            noun = 'object'
        return question, f'There is one {noun} in the image.' if count == 1 else f'There are {NUMBER_WORDS[count]} {noun}s in the image.'

    def relation(self):
        """What is left of, right of, above, below something of which there is one."""
        single = [name for name, boxes in self.findable.items() if len(boxes) == 1]
        if not single:
            return self.locate()
        name = self.r.choice(single)
        box = self.findable[name][0]
        side = self.r.choice(['left', 'right', 'above', 'below'])
        near = []
        for other, place in self.objects:
            if place == box:
                continue
            across, down = (place[0] + place[2] - box[0] - box[2]) / 2, (place[1] + place[3] - box[1] - box[3]) / 2
            ahead, aside = {'left': (-across, down), 'right': (across, down), 'above': (-down, across), 'below': (down, across)}[side]
            if ahead > 0 and ahead > .75 * abs(aside):
                near.append(((across ** 2 + down ** 2) ** .5, ahead > 1.3 * abs(aside), other))
        near.sort(key=lambda entry: entry[0])
        if near and (not near[0][1] or len(near) > 1 and near[1][0] < 1.15 * near[0][0] and near[1][2] != near[0][2]):
            return self.position()      # a matter of taste
        words = {'left': ['left of', 'to the left of', 'on the left of'], 'right': ['right of', 'to the right of', 'on the right of'],
                 'above': ['above', 'over', 'on top of'], 'below': ['below', 'under', 'beneath']}[side]
        question = self.r.choice(['What is {} the {}?', 'What is {} the {}?', 'What do you see {} the {}?', 'Which object is {} the {}?',
                                  'What can be seen {} the {}?']).format(self.r.choice(words), name)
        place = {'left': 'left of', 'right': 'right of', 'above': 'above', 'below': 'below'}[side]
        if not near:
            return question, f'There is nothing {place} the {name}.'
        other = near[0][2]
        return question, f'There {"are" if is_plural(other) else "is"} {counted(other, 1)} {place} the {name}.'

    def there(self):
        """What is in a part of the image."""
        name, box = self.r.choice(self.objects)
        width, height = self.width, self.height

        def places(box):
            x, y = box[0] + box[2], box[1] + box[3]
            return {where((x * a, y * b, x * a, y * b), width * 2, height * 2) for a in (.9, 1, 1.1) for b in (.9, 1, 1.1)}
        place = where(box, width, height)
        here = [other for other, spot in self.objects if place in places(spot)]
        if here != [name] * len(here) or any(len(places(spot)) > 1 for other, spot in self.objects if place in places(spot)):
            return self.position()
        question = self.r.choice(['What is {}?', 'What is {} of the image?', 'What do you see {}?', 'Which object is {}?', 'What is there {}?'])
        return question.format(place), f'{counted(name, len(here)).capitalize()}.'

    def colour(self):
        """The colour of something, or what has a colour."""
        r, known = self.r, {}
        for name, boxes in self.findable.items():
            colours = {self.colours.get(box) for box in boxes}
            if len(colours) == 1 and None not in colours and not (self.shapes and ' ' in name):
                known[name] = colours.pop()
        if not known:
            return self.count()
        if r.random() < .15:
            name = self.missing().split(' ')[-1] if self.shapes else self.missing()
            if name in self.findable or plural(name) == name:
                return self.locate_absent()
            return r.choice(['What color is the {}?', 'What colour does the {} have?', 'Is the {} red?']).format(name), none_of(name)
        name = r.choice(list(known))
        colour, many = known[name], len(self.findable[name]) > 1 or is_plural(name)
        asked, verb = (plural(name), 'are') if many else (name, 'is')
        k = r.random()
        if k < .5:
            question = r.choice([f'What color {verb} the {asked}?', f'What colour {verb} the {asked}?',
                                 f'Which color {"do" if many else "does"} the {asked} have?', f'What is the color of the {asked}?', f'Color of the {asked}?', f'The {asked} {verb} what color?'])
            return question, f'The {asked} {verb} {colour}.'
        if k < .75:
            claimed = colour if r.random() < .5 else r.choice(list(COLOURS))
            question = f'{verb.capitalize()} the {asked} {claimed}?'
            return question, f'Yes, the {asked} {verb} {colour}.' if claimed == colour else f'No, the {asked} {verb} {colour}.'
        claimed = colour if r.random() < .75 else r.choice(list(COLOURS))
        found = list(dict.fromkeys(other.split(' ')[-1] if self.shapes else other for other, box in self.objects if self.colours.get(box) == claimed))
        noun = 'shape' if self.shapes else 'object'
        question = r.choice([f'Which {noun} is {claimed}?', f'What is {claimed}?', f'Find something {claimed}. What is it?',
                             f'Which {noun}s are {claimed}?'])
        if not found:
            return question, f'There is nothing {claimed} in the image.'
        if len(found) == 1:
            number = sum(1 for _, box in self.objects if self.colours.get(box) == claimed)
            return question, f'The {plural(found[0])} are {claimed}.' if number > 1 or is_plural(found[0]) else f'The {found[0]} is {claimed}.'
        return question, f'The {listed(found)} are {claimed}.'

    def size(self):
        """The largest or smallest, where that is clear."""
        areas = sorted((box[2] - box[0]) * (box[3] - box[1]) for _, box in self.objects)
        pick, words = self.r.choice([(-1, ['largest', 'biggest']), (0, ['smallest', 'tiniest'])])
        if len(areas) < 2 or (areas[-1] < 1.6 * areas[-2] if pick else areas[1] < 1.6 * areas[0]):
            return self.exists()
        name = next(name for name, box in self.objects if (box[2] - box[0]) * (box[3] - box[1]) == areas[pick])
        return f'What is the {self.r.choice(words)} object?', f'It is {with_article(name)}.'

    def extreme(self):
        if len(self.names) < 2:
            return self.locate()
        side, key = self.r.choice([('leftmost', lambda b: b[0] + b[2]), ('rightmost', lambda b: -b[0] - b[2]),
                                   ('topmost', lambda b: b[1] + b[3]), ('lowest', lambda b: -b[1] - b[3])])
        name = min(self.objects, key=lambda item: key(item[1]))[0]
        return f'What is the {side} object?', f'It is {with_article(name)}.'

    def one_of_two(self):
        pairs = [name for name in self.names if len(self.groups[name]) == 2
                 and abs(sum(self.groups[name][0][::2]) - sum(self.groups[name][1][::2])) > self.width * .2]
        if not pairs:
            return self.locate()
        name, side = self.r.choice(pairs), self.r.choice(['left', 'right'])
        boxes = sorted(self.groups[name], key=lambda b: b[0] + b[2])
        asked = f'the {name} on the {side}'
        question = self.r.choice(['{}', 'Locate {} in the given image.']).format(REF + asked + REF_END)
        return question, reference(asked, self.boxes([boxes[0 if side == 'left' else 1]]))

    def define(self):
        known = [name for name in self.names if name in self.assets.corpus['defs']]
        if not known:
            return self.describe()
        name = self.r.choice(known)
        asked = with_article(name)
        verb = 'are' if is_plural(name) else 'is'
        question = self.r.choice([f'What {verb} {asked}?', f'Tell me about the {name}.', f'Explain what {asked} {verb}.'])
        return question, f'{name[0].upper()}{name[1:]}: {self.assets.corpus["defs"][name]}.'

    KINDS = [('locate', 30), ('locate_absent', 18), ('describe', 15), ('describe_with_boxes', 12), ('count', 14), ('exists', 15),
             ('position', 8), ('what_is_at', 6), ('total', 4), ('extreme', 5), ('one_of_two', 5), ('define', 1),
             ('relation', 10), ('there', 4), ('size', 3), ('colour', 3), ('read', 2)]
    KINDS_OF_COLOURED = KINDS[:-2] + [('colour', 24), ('read', 2)]
    KINDS_OF_NOTHING = [('locate', 20), ('describe', 20), ('describe_with_boxes', 10), ('count', 10), ('exists', 15), ('position', 8), ('read', 12)]
    KINDS_WITH_TEXT = KINDS[:-1] + [('read', 60)]

    def turns(self, count):
        kinds = self.KINDS_OF_NOTHING if not self.names else self.KINDS_WITH_TEXT if self.texts else self.KINDS_OF_COLOURED if self.colours \
            else self.KINDS
        chosen = self.r.choices([kind for kind, _ in kinds], [weight for _, weight in kinds], k=count)
        if self.r.random() < .7:     # what names everything comes last: else the rest could be answered from it
            chosen.sort(key=lambda kind: kind.startswith('describe'))
        return [getattr(self, kind)() for kind in chosen]
