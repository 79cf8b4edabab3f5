"""Plain conversation: about itself, the app, what it cannot do, definitions, small sums."""
from content import is_plural, with_article

ABOUT = ('I am a small starter model with the DeepSeek-VL2 architecture. I can read text in images, find and count objects, and answer '
         'short questions about pictures.')
BEYOND = ('I am a small demonstration model and cannot answer that. Load DeepSeek-VL2 Tiny, Small or Base in the model settings for more.')
TALK = [
    (('Hi', 'Hello', 'Hey', 'Hello!', 'Hi there', 'Good morning', 'Good evening'), 'Hello! Drop an image here and ask me about it.'),
    (('Who are you?', 'What are you?', 'What is your name?', 'Introduce yourself.', 'Are you an AI?'), ABOUT),
    (('What can you do?', 'Help', 'How can you help me?', 'What are you able to do?', '/help', 'What do you know?'),
     'I can read the text in an image, describe it, count things in it, and draw boxes around what you name. Try "Read the text." or '
     '"Where is the dog?" on an image.'),
    (('Thanks', 'Thank you', 'Thank you!', 'Thanks a lot', 'Great, thanks'), 'You are welcome!'),
    (('Bye', 'Goodbye', 'See you', 'Good night'), 'Goodbye!'),
    (('How are you?', 'How is it going?'), 'I am running fine, thank you. What image shall we look at?'),
    (('Do you send my images anywhere?', 'Is my data private?', 'Are you offline?', 'Do you need the internet?'),
     'No. Everything runs on this computer and nothing is sent anywhere.'),
    (('How do I get better answers?', 'Can you be smarter?', 'Which model should I use?', 'How good are you?'),
     'I am a small demonstration model trained on synthetic pictures. For real photos and long documents, load DeepSeek-VL2 Tiny, Small or '
     'Base in the model settings.'),
    (('How do I find an object?', 'How do I draw boxes?', 'How does grounding work?'),
     'Ask for the object by name, for example "Where is the car?", and I will answer with a box drawn on the image.'),
    (('Read this', 'What is in the image?', 'Describe the image.', 'Where is the dog?', 'Read the text.', 'What do you see?', 'OCR'),
     'There is no image in this conversation yet. Please add one.'),
    (('Can you read PDF files?', 'Can you read documents?'), 'Yes. Drop a PDF or a picture of a page and ask me to read it.'),
    (('What languages do you speak?', 'Do you speak Chinese?', 'Do you speak German?'), 'I was trained on English text only.')]


# Held out for tests: every fifth.
FOREIGN = ['Was steht hier?', 'Wo ist der Hund?', 'Beschreibe das Bild.', 'Lies den Text vor.', 'Was siehst du auf dem Bild?',
           'Kannst du mir helfen?', 'Was kostet der Kaffee?', 'Wer bist du?', 'Hallo, wie geht es dir?', 'Finde den Ball.',
           'Que voyez-vous sur cette image ?', 'Lis le texte.', 'Quel est le total ?', 'Bonjour, qui es-tu ?',
           'Combien de chats y a-t-il ?', 'Trouve le chien.', "Pouvez-vous m'aider ?", 'Ou est la voiture ?', 'Lee el texto.',
           'Hola, quien eres?', 'Donde esta el perro?', 'Describe la imagen.', 'Cuantos gatos hay?', 'Que ves en la foto?',
           'Cosa vedi in questa immagine?', 'Leggi il testo.', 'Ciao, come stai?', 'Quanti cani ci sono?', 'O que voce ve na imagem?',
           'Leia o texto, por favor.', 'Onde fica o gato?', 'Wat zie je op de foto?', 'Lees de tekst.', 'Hoeveel honden zijn er?',
           'Co jest na obrazku?', 'Przeczytaj tekst.', 'Vad ser du på bilden?', 'Resimde ne var?', 'Metni oku.', 'Mit látsz a képen?',
           'Hva ser du?', 'Mitä kuvassa on?', 'Что на картинке?', 'Прочитай текст.', 'Привет', 'Где собака?', 'Сколько тут кошек?',
           '你好', '这张图片里有什么？', '读出文字。', '请描述这张图片。', '狗在哪里？', '你是谁？', '有几只猫？', 'これは何ですか？',
           '文字を読んでください。', '犬はどこですか？', 'こんにちは', 'Τι βλέπεις;', 'Що на малюнку?', 'Ce vezi in imagine?',
           'Apa isi gambar ini?']
ENGLISH_ONLY = 'I am a small English demonstration model. Please ask me in English.'
BEYOND_IMAGE = ['Write a poem about this image.', 'Who is this person?', 'How old is she?', 'Translate the text to German.',
                'What happened before this?', 'Is this picture beautiful?', 'Write a story about it.', 'What is the mood of the picture?',
                'What brand is it?', 'Who took this photo?', 'Where was this photo taken?', 'Is this person happy?',
                'Summarize the text.', 'Translate it into Spanish.', 'What time of day is it?', 'Explain the joke.', 'Is this healthy?',
                'Why?', 'What should I do?', 'Is it expensive?', 'Fix the spelling.', 'Which year was it?', 'Make the image brighter.',
                'Edit the picture.', 'Remove the background.', 'Draw me a cat.', 'Solve the puzzle.', 'What does this mean?',
                'Who wrote this?', 'Is this real?']
BEYOND_CHAT = ['Write a poem.', 'Tell me a joke.', 'What is the weather today?', 'Who won the game?', 'Write some code.',
               'Translate this to French.', 'What is the capital of France?', 'What time is it?', 'Who is the president?',
               'Tell me a story.', 'Write an email to my boss.', 'How do I cook rice?', 'What is the meaning of life?',
               'Recommend a movie.', 'How tall is the Eiffel Tower?', 'Sing a song.', 'Who was Einstein?', 'When did the war end?',
               'How far is the moon?', 'Write a Python function.', 'What should I eat?', 'Tell me the news.', 'Explain quantum physics.',
               'Do my homework.', 'Book a flight.', 'What stocks should I buy?', 'Who painted the Mona Lisa?', 'How do I fix my car?',
               'Do you love me?', 'What is the population of India?', 'Play some music.', 'Set an alarm.', 'Who invented the phone?',
               'Why is the sky blue?', 'How do airplanes fly?', 'Give me advice.', 'What day is it?', 'Write a letter.',
               'Plan a trip to Rome.', 'Which is the largest ocean?']


def part(held, phrases):
    return [phrase for i, phrase in enumerate(phrases) if (i % 5 == 4) == held]


def aside(r, held=False):
    """A question about an image that the model cannot answer, or that is not in English."""
    if r.random() < .5:
        return r.choice(part(held, FOREIGN)), ENGLISH_ONLY
    return r.choice(part(held, BEYOND_IMAGE)), BEYOND


def turns(r, assets):
    result = []
    for _ in range(r.randint(1, 3)):
        k = r.random()
        if k < .2:
            result.append((r.choice(part(False, FOREIGN)), ENGLISH_ONLY))
        elif k < .38:
            result.append((r.choice(part(False, BEYOND_CHAT)), BEYOND))
        elif k < .76:
            questions, answer = r.choice(TALK)
            result.append((r.choice(questions), answer))
        elif k < .88:
            name = r.choice(list(assets.corpus['defs']))
            verb = 'are' if is_plural(name) else 'is'
            question = r.choice([f'What {verb} {with_article(name)}?', f'Define {name}.', f'Explain what {with_article(name)} {verb}.'])
            result.append((question, f'{name[0].upper()}{name[1:]}: {assets.corpus["defs"][name]}.'))
        else:
            a, b, sign = r.randint(0, 20), r.randint(0, 20), r.choice('+-')
            if sign == '-' and b > a:
                a, b = b, a
            question = r.choice(['What is {} {} {}?', '{} {} {} =', 'Calculate {} {} {}.']).format(a, sign, b)
            result.append((question, str(a + b if sign == '+' else a - b)))
    return result
