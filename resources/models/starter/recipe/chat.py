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
    (('What languages do you speak?', 'Do you speak Chinese?', 'Do you speak German?'), 'I was trained on English text only.'),
    (('Write a poem.', 'Tell me a joke.', 'What is the weather today?', 'Who won the game?', 'Write some code.', 'Translate this to French.',
      'What is the capital of France?', 'What time is it?', 'Who is the president?', 'Tell me a story.'), BEYOND)]


def turns(r, assets):
    result = []
    for _ in range(r.randint(1, 3)):
        k = r.random()
        if k < .6:
            questions, answer = r.choice(TALK)
            result.append((r.choice(questions), answer))
        elif k < .8:
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
