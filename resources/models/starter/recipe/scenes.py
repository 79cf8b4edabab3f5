"""Scenes: pictured things and coloured shapes on plain, noisy and photographic backgrounds, with questions about them."""
import functools
import math
import random

import numpy as np
from PIL import Image, ImageDraw

from assets import crop_visible
from content import COLOURS, NUMBER_WORDS, SHAPES, counted, is_plural, listed, plural, with_article
from raster import Page

REF, REF_END, DET, DET_END, GROUNDING = '<|ref|>', '<|/ref|>', '<|det|>', '<|/det|>', '<|grounding|>'


def boxes_text(boxes):
    return DET + '[' + ', '.join('[%d, %d, %d, %d]' % tuple(box) for box in boxes) + ']' + DET_END


def normalised(box, width, height):
    """Pixel box -> the official 0..999 integers."""
    def clip(value, size):
        return max(0, min(999, int(value / size * 999)))
    return clip(box[0], width), clip(box[1], height), clip(box[2], width), clip(box[3], height)


def reference(phrase, boxes):
    return f'{REF}{phrase}{REF_END}{boxes_text(boxes)}'


# ---------------------------------------------------------------- pixels
def background(r, assets, width, height):
    """Pixels: plain, a gradient, smooth noise or a crop of a photograph."""
    k = r.random()
    if k < .30:
        colour = [r.randrange(256) for _ in range(3)] if r.random() < .6 else (255,) * 3 if r.random() < .7 else (30, 30, 34)
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = colour
        return pixels
    if k < .45:
        corners = np.array([[[r.randrange(256) for _ in range(3)] for _ in range(2)] for _ in range(2)], np.uint8)
        return np.array(Image.fromarray(corners).resize((width, height), Image.BILINEAR))
    if k < .55:
        noise = np.random.default_rng(r.randrange(1 << 30)).integers(0, 256, (r.choice([6, 12, 24]), r.choice([6, 12, 24]), 3))
        image = Image.fromarray(noise.astype(np.uint8)).resize((width, height), Image.BICUBIC)
        if r.random() < .5:
            image = Image.blend(image, Image.new('RGB', (width, height), tuple(r.randrange(256) for _ in range(3))), r.uniform(.3, .7))
        return np.array(image)
    photo = r.choice(assets.backgrounds)
    w = r.randint(min(150, photo.width - 1), photo.width)
    h = min(photo.height, max(80, int(w * height / width)))
    w = min(photo.width, max(80, int(h * width / height)))
    x, y = r.randint(0, photo.width - w), r.randint(0, photo.height - h)
    image = photo.resize((width, height), Image.BILINEAR, box=(x, y, x + w, y + h), reducing_gap=2.0)
    return np.array(image.transpose(Image.FLIP_LEFT_RIGHT) if r.random() < .5 else image)


@functools.lru_cache(maxsize=600)
def shape_cutout(kind, colour, size, outlined):
    side = size * 2
    image = Image.new('RGBA', (side, side), (0, 0, 0, 0))
    draw, fill, middle, radius = ImageDraw.Draw(image), COLOURS[colour] + (255,), size, size - 3
    line, thickness = ((20, 20, 20, 255), 3) if outlined else (None, 0)

    def polygon(corners, turn=0.0, r=radius):
        return [(middle + r * math.cos(2 * math.pi * i / corners + turn), middle + r * math.sin(2 * math.pi * i / corners + turn))
                for i in range(corners)]

    if kind == 'circle':
        draw.ellipse((3, 3, side - 3, side - 3), fill=fill, outline=line, width=thickness)
    elif kind == 'square':
        draw.rectangle((3, 3, side - 3, side - 3), fill=fill, outline=line, width=thickness)
    elif kind == 'rectangle':
        draw.rectangle((3, side // 4, side - 3, side * 3 // 4), fill=fill, outline=line, width=thickness)
    elif kind == 'triangle':
        draw.polygon([(middle, 3), (3, side - 3), (side - 3, side - 3)], fill=fill, outline=line)
    elif kind == 'diamond':
        draw.polygon(polygon(4), fill=fill, outline=line)
    elif kind == 'hexagon':
        draw.polygon(polygon(6), fill=fill, outline=line)
    elif kind == 'pentagon':
        draw.polygon(polygon(5, -math.pi / 2), fill=fill, outline=line)
    elif kind == 'star':
        outer, inner = polygon(5, -math.pi / 2), polygon(5, -math.pi / 2 + math.pi / 5, radius * .42)
        draw.polygon([point for pair in zip(outer, inner) for point in pair], fill=fill, outline=line)
    elif kind == 'ring':
        draw.ellipse((3, 3, side - 3, side - 3), fill=fill)
        draw.ellipse((side // 4, side // 4, side * 3 // 4, side * 3 // 4), fill=(0, 0, 0, 0))
    else:
        draw.rectangle((side * 3 // 8, 3, side * 5 // 8, side - 3), fill=fill)
        draw.rectangle((3, side * 3 // 8, side - 3, side * 5 // 8), fill=fill)
    return crop_visible(np.asarray(image.resize((size, size), Image.LANCZOS)))


def free_place(r, page, width, height):
    """A position that hides at most an eighth of anything already there, or None."""
    for _ in range(25):
        x, y = r.randint(0, max(0, page.width - width)), r.randint(0, max(0, page.height - height))
        for _, other in page.objects:
            across = min(x + width, other[2]) - max(x, other[0])
            down = min(y + height, other[3]) - max(y, other[1])
            if across > 0 and down > 0 and across * down > .12 * min(width * height, (other[2] - other[0]) * (other[3] - other[1])):
                break
        else:
            return x, y
    return None


def draw_scene(r, assets, width, height, things=None, shapes=None, count=None, styles='fnt'):
    """A page with `count` things; `things` are names, or (colour, shape) pairs with shapes=True."""
    page = Page(background(r, assets, width, height))
    count = count or r.choices([1, 2, 3, 4, 5, 6, 8], [16, 18, 20, 18, 12, 10, 6])[0]
    shapes = r.random() < .18 if shapes is None else shapes
    if things is None:
        kinds = max(1, min(count, r.choice([count, count, (count + 1) // 2, 1 if r.random() < .4 else count])))
        if shapes:
            things = [(r.choice(list(COLOURS)), r.choice(SHAPES)) for _ in range(kinds)]
        else:
            things = r.sample(assets.names, kinds)
    sequence = list(things) + [r.choice(things) for _ in range(max(0, count - len(things)))]
    base = r.uniform(.16, .45) if count <= 4 else r.uniform(.12, .28)
    for thing in sequence:
        size = max(28, int(min(width, height) * base * r.uniform(.65, 1.35)))
        if shapes:
            cutout, name = shape_cutout(thing[1], thing[0], size, r.random() < .4), f'{thing[0]} {thing[1]}'
        else:
            cutout, name = assets.cutout(r, thing, size, styles), thing
        if cutout is None:
            continue
        place = free_place(r, page, cutout.shape[1], cutout.shape[0])
        if place is None:
            continue
        x, y = place
        page.sprite(cutout, x, y)
        page.objects.append((name, (x, y, min(page.width, x + cutout.shape[1]), min(page.height, y + cutout.shape[0]))))
    return page


# ---------------------------------------------------------------- questions
def where(box, width, height):
    x, y = (box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height
    vertical = 'top' if y < .36 else 'bottom' if y > .64 else ''
    horizontal = 'left' if x < .36 else 'right' if x > .64 else ''
    if not vertical and not horizontal:
        return 'in the center'
    return f'on the {horizontal}' if not vertical else f'at the {vertical} {horizontal}'.strip()


def grouped(objects):
    """name -> boxes, left to right."""
    groups = {}
    for name, box in objects:
        groups.setdefault(name, []).append(box)
    for boxes in groups.values():
        boxes.sort(key=lambda b: (b[0], b[1]))
    return dict(sorted(groups.items(), key=lambda item: (item[1][0][0], item[1][0][1])))


class SceneQuestions:
    """Question and answer pairs about one scene."""
    PLAIN = ['Find the {}.', 'Locate the {}', 'Show me the {}.', 'Point to the {}.', 'Draw a box around the {}.', 'Highlight the {}.',
             'Mark the {}.', 'Detect the {}', 'Where is the {}?']
    TAGGED = ['{}', 'Locate {} in the given image.', 'Find {}', 'Find all the {}', 'Where is {}?', 'Detect {}', '{} ',
              'Please locate {} in the image.']
    DESCRIBE = ['Describe the image.', 'What is in this image?', 'What do you see?', 'Describe this picture.',
                'What does the image show?', 'Can you describe the content of the image?', 'What is this?', 'Describe it.']

    def __init__(self, r, assets, page):
        self.r, self.assets, self.objects = r, assets, page.objects
        self.width, self.height = page.width, page.height
        self.groups = grouped(page.objects)
        self.names = list(self.groups)
        self.absent = [name for name in r.sample(assets.names, 6) if name not in self.groups][:2]

    def boxes(self, boxes):
        return [normalised(box, self.width, self.height) for box in boxes]

    def locate(self):
        name = self.r.choice(self.names)
        found = self.groups[name]
        if self.r.random() < .3:   # plain words, no tags
            asked = name if len(found) == 1 else plural(name)
            question = self.r.choice(['Find the {}.', 'Locate the {}', 'Show me the {}.', 'Point to the {}.', 'Draw a box around the {}.',
                                      'Highlight the {}.', 'Mark all {}.' if len(found) > 1 else 'Mark the {}.', 'Detect the {}'])
            return question.format(asked), reference(asked, self.boxes(found))
        asked = name if len(found) == 1 or self.r.random() < .4 else plural(name)
        asked = self.r.choice([asked, asked, f'the {asked}', f'The {asked}.'])
        question = self.r.choice(self.TAGGED).format(REF + asked + REF_END).strip()
        return question, reference(asked, self.boxes(found))

    def locate_absent(self):
        """In all the forms of `locate`: else the form of the question would tell the answer."""
        name = self.r.choice(self.absent)
        if self.r.random() < .3:
            return self.r.choice(self.PLAIN).format(name), f'There is no {name} in the image.'
        asked = self.r.choice([name, name, f'the {name}', f'The {name}.'])
        return self.r.choice(self.TAGGED).format(REF + asked + REF_END).strip(), f'There is no {name} in the image.'

    def describe(self):
        text = listed([counted(name, len(boxes)) for name, boxes in self.groups.items()])
        question = self.r.choice(self.DESCRIBE)
        if question == 'What is this?' and len(self.names) == 1:
            many = len(self.groups[self.names[0]]) > 1 or is_plural(self.names[0])
            return question, f'{"These are" if many else "This is"} {text}.'
        return question, f'The image shows {text}.'

    def describe_with_boxes(self):
        parts = []
        for name, boxes in self.groups.items():
            article, noun = counted(name, len(boxes)).split(' ', 1)
            parts.append(f'{article} {reference(noun, self.boxes(boxes))}')
        question = self.r.choice(['Can you describe the content of the image?', 'Describe the image.', 'What is in this image?',
                                  'What do you see?', 'Describe each object in the image.'])
        return GROUNDING + question, f'The image shows {listed(parts)}.'

    def count(self):
        name = self.r.choice(self.names + self.absent[:1])
        count = len(self.groups.get(name, []))
        question = self.r.choice(['How many {} are there?', 'How many {} are in the image?', 'Count the {}.']).format(plural(name))
        if count == 0:
            return question, f'There are no {plural(name)} in the image.'
        if count == 1 and not is_plural(name):
            return question, f'There is one {name}.'
        return question, f'There are {NUMBER_WORDS[count]} {plural(name)}.'

    def exists(self, name=None):
        name = name or self.r.choice(self.names + self.absent)
        asked = 'any ' + name if is_plural(name) else with_article(name)
        question = self.r.choice(['Is there {} in the image?', 'Do you see {}?', 'Can you see {} here?']).format(asked)
        found = self.groups.get(name)
        if not found:
            return question, f'No, there is no {name} in the image.'
        if len(found) > 1:
            return question, f'Yes, there are {counted(name, len(found))}.'
        verb = 'are' if is_plural(name) else 'is'
        return question, f'Yes, there {verb} {counted(name, 1)} {where(found[0], self.width, self.height)}.'

    def exists_or_not(self):
        """As often yes as no."""
        return self.exists(self.r.choice(self.names if self.r.random() < .5 else self.absent))

    def position(self):
        name = self.r.choice(self.names)
        found = self.groups[name]
        if len(found) > 1:
            return f'Where are the {plural(name)}?', f'There are {NUMBER_WORDS[len(found)]} {reference(plural(name), self.boxes(found))}.'
        verb = 'are' if is_plural(name) else 'is'
        question = self.r.choice([f'Where {verb} the {name}?', f'In which part of the image {verb} the {name}?', f'Where {verb} {name}?'])
        place = where(found[0], self.width, self.height)
        return question, f'The {reference(name, self.boxes(found))} {verb} {place} of the image.'

    def what_is_at(self):
        name = self.r.choice(self.names)
        box = self.r.choice(self.groups[name])
        return f'What is at {boxes_text(self.boxes([box]))}?', f'These are {name}.' if is_plural(name) else f'This is {with_article(name)}.'

    def total(self):
        count = len(self.objects)
        question = self.r.choice(['How many objects are there?', 'Count all the objects.'])
        return question, 'There is one object in the image.' if count == 1 else f'There are {NUMBER_WORDS[count]} objects in the image.'

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

    KINDS = [('locate', 28), ('locate_absent', 18), ('describe', 12), ('describe_with_boxes', 14), ('count', 12), ('exists_or_not', 14),
             ('position', 6), ('what_is_at', 6), ('total', 3), ('extreme', 5), ('one_of_two', 6), ('define', 2)]

    def turns(self, count):
        kinds = self.r.choices([kind for kind, _ in self.KINDS], [weight for _, weight in self.KINDS], k=count)
        return [getattr(self, kind)() for kind in kinds]
