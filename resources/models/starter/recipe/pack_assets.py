"""Assembles the asset pack from named Debian and npm packages.

python pack_assets.py WORK OUT.zip          downloads into WORK (about 230 MB), writes OUT.zip (about 12 MB)
Needs apt (any Debian 12 source), dpkg, npm, Pillow, fonttools. The pack also holds every package's copyright file (licences/).
The pack is for training only; nothing of it is shipped.
"""
import argparse
import glob
import io
import json
import os
import random
import re
import subprocess
import tarfile
import zipfile

from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

FONT_PACKAGES = ('lato roboto-unhinted open-sans liberation dejavu-core dejavu-extra croscore crosextra-carlito crosextra-caladea '
                 'noto-core noto-color-emoji freefont-ttf linuxlibertine paratype urw-base35 ebgaramond firacode hack inconsolata jetbrains-mono mononoki go comic-neue '
                 'quicksand cabin dosis play league-spartan gfs-didot stix sil-charis sil-gentium oldstandard lobster ecolier-court karla '
                 'cantarell b612 vollkorn courier-prime junicode').split()
DEBIAN = [f'fonts-{name}' for name in FONT_PACKAGES] + ['gnome-backgrounds', 'mate-backgrounds', 'wordnet-base', 'fortunes', 'wamerican']
NPM = ['emoji-datasource-twitter@16.0.0', '@lobehub/fluent-emoji-3d@1.1.0']
TRAINED = re.compile(
    r'(Lato-(Regular|Bold|Italic|Light)|LiberationS(ans|erif)-(Regular|Bold|Italic)|LiberationMono-(Regular|Bold)|LiberationSansNarrow-Regular|'
    r'Karla-(Regular|Bold)\.|OpenSans-(Regular|Bold|Italic|Light)|OpenSans-CondBold|Carlito-(Regular|Bold|Italic)|Caladea-(Regular|Bold)|'
    r'Free(Sans|Serif|Mono)\.|FreeSansBold\.|FreeSerifBold\.|DejaVuSans\.|DejaVuSans-Bold\.|DejaVuSansMono\.|DejaVuSansMono-Bold\.|'
    r'DejaVuSerif\.|DejaVuSerif-Bold\.|DejaVuSansCondensed\.|FiraCode-Regular|Hack-(Regular|Bold)|Inconsolata|PTS55F|PTS75F|PTF55F|PTM55F|'
    r'PTN57F|Roboto-(Regular|Bold|Italic|Light|Medium)\.|RobotoCondensed-(Regular|Bold)\.|JetBrainsMono-Regular|mononoki-Regular|'
    r'Go-(Regular|Bold|Mono)\.|LinLibertine_R\.|LinLibertine_RB\.|LinBiolinum_R\.|EBGaramond12-Regular|ComicNeue-(Regular|Bold)|'
    r'Quicksand-(Regular|Bold)|Cabin-(Regular|Bold)|Dosis-(Book|Bold)|Play-(Regular|Bold)\.otf|LeagueSpartan-Bold|GFSDidot\.|'
    r'NimbusRoman-(Regular|Bold|Italic)|NimbusSans-(Regular|Bold)|NimbusMonoPS-Regular|C059-Roman|P052-Roman|URWBookman-Light|URWGothic-Book|'
    r'STIXGeneral-Regular|CharisSIL-Regular|Gentium-R|OldStandard-Regular|lobster|Ecolier|NotoSans-(Regular|Bold)|NotoSerif-(Regular|Bold)|'
    r'NotoSansMono-Regular|NotoSansDisplay-Regular|Hack-Italic)')
HELD_OUT = re.compile(r'(Cantarell-(Regular|Bold)|B612-(Regular|Bold)|Vollkorn-(Regular|Bold)|Courier Prime\.|Arimo-Regular|Tinos-Regular|'
                      r'JunicodeTwoBeta-Regular)')
SKIPPED_FORTUNES = ('art', 'ascii-art', 'drugs', 'men-women', 'love', 'zippy', 'translate-me', 'ethnic', 'politics', 'riddles')


def download(work):
    """Debian packages unpacked into WORK/debian, npm packages into WORK/npm/NAME."""
    debs, root = os.path.join(work, 'debs'), os.path.join(work, 'debian')
    os.makedirs(debs, exist_ok=True)
    missing = [name for name in DEBIAN if not glob.glob(os.path.join(debs, f'{name}_*.deb'))]
    if missing:
        subprocess.check_call(['apt-get', 'download'] + missing, cwd=debs)
    for deb in sorted(glob.glob(os.path.join(debs, '*.deb'))):
        subprocess.check_call(['dpkg', '-x', deb, root])
    for spec in NPM:
        target = os.path.join(work, 'npm', spec.rsplit('@', 1)[0].replace('/', '-').strip('@'))
        if not os.path.isdir(target):
            name = subprocess.check_output(['npm', 'pack', '--silent', spec], cwd=work, text=True).split()[-1]
            with tarfile.open(os.path.join(work, name)) as archive:
                archive.extractall(target)
    return root, os.path.join(work, 'npm')


def to_webp(image):
    box = image.getchannel('A').point(lambda v: 255 if v > 24 else 0).getbbox()
    data = io.BytesIO()
    image.crop(box).save(data, 'WEBP', quality=88, method=4)
    return data.getvalue()


def pictures(pack, debian, npm):
    """Each thing of things.tsv in three drawing styles: f (Fluent), n (Noto), t (Twemoji). -> {name: [(style, file)]}"""
    noto = ImageFont.truetype(f'{debian}/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf', 109)
    classes, number = {}, 0
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'things.tsv'), encoding='utf-8') as file:
        things = [line.rstrip('\n').split('\t') for line in file if not line.startswith('#')]
    for name, code in things:
        drawn = []
        fluent = [f'{npm}/lobehub-fluent-emoji-3d/package/assets/{c}.webp' for c in (code, code.replace('-fe0f', ''))]
        fluent = next((path for path in fluent if os.path.exists(path)), None)
        if fluent:
            drawn.append(('f', Image.open(fluent).convert('RGBA').resize((160, 160), Image.LANCZOS)))
        image = Image.new('RGBA', (150, 150), (0, 0, 0, 0))
        ImageDraw.Draw(image).text((4, 4), ''.join(chr(int(part, 16)) for part in code.split('-')), font=noto, embedded_color=True)
        box = image.getbbox()
        if box and max(box[2] - box[0], box[3] - box[1]) < 149:
            drawn.append(('n', image.crop(box)))
        twitter = f'{npm}/emoji-datasource-twitter/package/img/twitter/64/{code}.png'
        if os.path.exists(twitter):
            drawn.append(('t', Image.open(twitter).convert('RGBA')))
        for style, picture in drawn if len(drawn) >= 2 else ():
            file = f'emoji/{number:05d}.webp'
            number += 1
            pack.writestr(file, to_webp(picture))
            classes.setdefault(name, []).append([style, file])
    return classes


def corpus(debian, names):
    """Sentences and definitions (WordNet), sayings (fortunes), words (wamerican); ASCII only."""
    glosses, first_sense, sentences = {}, {}, []
    wordnet = f'{debian}/usr/share/wordnet'
    for line in open(f'{wordnet}/data.noun', encoding='latin1'):
        if not line.startswith('  '):
            parts = line.split(' | ')
            glosses[line[:8]] = parts[1].strip() if len(parts) > 1 else ''
    for line in open(f'{wordnet}/index.noun', encoding='latin1'):
        if not line.startswith('  '):
            offsets = [field for field in line.split() if re.fullmatch(r'\d{8}', field)]
            if offsets:
                first_sense[line.split()[0]] = offsets[0]
    definitions = {}
    for name in names:
        gloss = glosses.get(first_sense.get(name.replace(' ', '_')), '').split('; "')[0].strip()
        if 12 < len(gloss) < 140:
            definitions[name] = gloss
    for gloss in glosses.values():
        text = gloss.split('; "')[0].strip()
        if 20 < len(text) < 200 and text.isascii():
            sentences.append(text[0].upper() + text[1:] + '.')
    for part in ('adj', 'verb', 'adv', 'noun'):
        for line in open(f'{wordnet}/data.{part}', encoding='latin1'):
            for text in re.findall(r'"([^"]{15,160})"', line):
                if text.isascii():
                    sentences.append(text[0].upper() + text[1:] + ('' if text[-1] in '.!?' else '.'))
    random.shuffle(sentences)
    sayings, folder = [], f'{debian}/usr/share/games/fortunes'
    for file in sorted(os.listdir(folder)):
        if '.' in file or file in SKIPPED_FORTUNES:
            continue
        for text in open(f'{folder}/{file}', encoding='utf8', errors='ignore').read().split('\n%\n'):
            text = re.sub(r'\s+', ' ', text).strip()
            if 20 < len(text) < 300 and text.isascii() and text.isprintable():
                sayings.append(text)
    random.shuffle(sayings)
    words = [w.strip() for w in open(f'{debian}/usr/share/dict/american-english')]
    words = [w for w in words if w.isascii() and "'" not in w and 2 < len(w) < 14]
    return {'sent': sentences[:60000], 'fort': sayings, 'words': random.sample(words, 30000), 'defs': definitions}


def backgrounds(pack, debian):
    number = 0
    for folder, _, files in sorted(os.walk(f'{debian}/usr/share/backgrounds')):
        for file in sorted(files):
            if not file.endswith(('.webp', '.jpg', '.png')):
                continue
            try:
                image = Image.open(os.path.join(folder, file)).convert('RGB')
            except OSError:
                continue
            scale = 900 / max(image.size)
            data = io.BytesIO()
            image.resize((int(image.width * scale), int(image.height * scale)), Image.LANCZOS).save(data, 'JPEG', quality=85)
            pack.writestr(f'bg/{number:03d}.jpg', data.getvalue())
            number += 1
    return number


def fonts(pack, debian):
    """Printable ASCII of each font, in font/ or, never trained on, in font_held/."""
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline, options.glyph_names = [], True, True, False
    count = 0
    for folder, _, files in sorted(os.walk(f'{debian}/usr/share/fonts')):
        for file in sorted(files):
            place = 'font_held' if HELD_OUT.match(file) else 'font' if TRAINED.match(file) else None
            path = os.path.join(folder, file)
            if not file.endswith(('.ttf', '.otf')) or not place or not os.path.exists(path) or os.path.getsize(path) > 1.6e6:
                continue
            font = TTFont(path)
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=range(32, 127))
            cutter.subset(font)
            data = io.BytesIO()
            font.save(data)
            pack.writestr(f'{place}/{file}', data.getvalue())
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('out')
    a = parser.parse_args()
    random.seed(7)
    debian, npm = download(os.path.abspath(a.work))
    with zipfile.ZipFile(a.out, 'w', zipfile.ZIP_DEFLATED) as pack:
        classes = pictures(pack, debian, npm)
        texts = corpus(debian, classes)
        texts['classes'] = classes
        pack.writestr('corpus.json', json.dumps(texts))
        print(len(classes), 'things,', backgrounds(pack, debian), 'backgrounds,', fonts(pack, debian), 'fonts,', len(texts['sent']), 'sentences')
        for path in sorted(glob.glob(f'{debian}/usr/share/doc/*/copyright')):
            pack.write(path, f'licences/{path.split("/")[-2]}.txt')
        for path in sorted(glob.glob(f'{npm}/*/package/LICENSE*')):
            pack.write(path, f'licences/npm-{path.split("/")[-3]}.txt')
    print(os.path.getsize(a.out) / 1e6, 'MB')


if __name__ == '__main__':
    main()
