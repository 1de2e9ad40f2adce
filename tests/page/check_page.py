"""Checks the page of `graft serve` in headless Chromium (requirements.txt).

    check_page.py                        starts mock.py and checks against it
    check_page.py http://127.0.0.1:PORT  checks the page and the answers of this server
    options: --token T (of the server), --shots DIR, --only WORD (checks whose name contains it)

Checks of the group "server" use the answers of the server as they are. Checks of the group "page" take page, style and
script from the server, and answer /v1 themselves (401, 503, 500, several models) by intercepting the requests, so they
are the same for every server. The exit status is 1 if a check fails or the page writes an error to the console."""
import argparse, base64, io, json, re, shutil, subprocess, sys, tempfile, time, traceback, urllib.request
from pathlib import Path

import websocket
from PIL import Image, ImageDraw

import mock

AXE = next((path for folder in sys.path for path in Path(folder).rglob('axe.min.js')), None)  # of axe-core-python


# --- Pictures

def picture(seed, form='PNG', size=(320, 240)):
    image = Image.new('RGB', size, ((seed * 67) % 256, (seed * 131 + 60) % 256, (seed * 29 + 120) % 256))
    draw = ImageDraw.Draw(image)
    draw.ellipse([size[0] * .2, size[1] * .2, size[0] * .7, size[1] * .8], fill=((seed * 91 + 128) % 256, 200, (seed * 53) % 256))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


# --- Chromium

class Tab:
    def __init__(self, browser_port):
        target = json.load(urllib.request.urlopen(urllib.request.Request(
            f'http://127.0.0.1:{browser_port}/json/new?about:blank', method='PUT')))
        self.socket = websocket.create_connection(target['webSocketDebuggerUrl'], timeout=30, suppress_origin=True)
        self.choosers = 0
        self.last, self.problems, self.requests, self.answers = 0, [], [], None
        for domain in ('Page', 'Runtime', 'Log', 'Network', 'DOM', 'Accessibility'):
            self.call(f'{domain}.enable')

    def call(self, method, **params):
        self.last += 1
        wanted = self.last
        self.socket.send(json.dumps({'id': wanted, 'method': method, 'params': params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get('id') == wanted:
                if 'error' in message:
                    raise RuntimeError(f'{method}: {message["error"]}')
                return message['result']
            self.event(message)

    def event(self, message):
        params = message.get('params', {})
        kind = message.get('method')
        if kind == 'Runtime.exceptionThrown':
            self.problems.append(params['exceptionDetails'].get('exception', {}).get('description', str(params)))
        if kind == 'Log.entryAdded' and params['entry']['level'] in ('error', 'warning'):
            if 'Failed to load resource' not in params['entry']['text']:
                self.problems.append(params['entry']['text'])
        if kind == 'Page.fileChooserOpened':
            self.choosers += 1
        if kind == 'Network.requestWillBeSent':
            self.requests.append(params['request'])
        if kind == 'Fetch.requestPaused':
            self.held.append(params)
            self.most_held = max(self.most_held, len(self.held))

    # Interception: held requests are answered by `answers(request, number)` -> (status, headers, body) or None (a failed connection).
    def intercept(self, answers):
        if not self.answers:
            self.held, self.most_held = [], 0
            self.call('Fetch.enable', patterns=[{'urlPattern': '*/v1/*'}])
        self.answers, self.number = answers, 0

    def serve_held(self):
        while self.answers and self.held:
            held = self.held.pop(0)
            result = self.answers(held['request'], self.number)
            self.number += 1
            try:
                if result is None:
                    self.call('Fetch.failRequest', requestId=held['requestId'], errorReason='ConnectionReset')
                else:
                    status, headers, body = result
                    self.call('Fetch.fulfillRequest', requestId=held['requestId'], responseCode=status, body=base64.b64encode(body).decode(),
                              responseHeaders=[{'name': k, 'value': v} for k, v in headers.items()])
            except RuntimeError as problem:
                if 'Invalid InterceptionId' not in str(problem):  # the page has given the request up
                    raise

    def js(self, code):
        result = self.call('Runtime.evaluate', expression=code, awaitPromise=True, returnByValue=True, userGesture=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails'].get('exception', {}).get('description', code))
        return result['result'].get('value')

    def until(self, code, seconds=15):
        end = time.time() + seconds
        while time.time() < end:
            value = self.js(code)
            if value:
                return value
            self.serve_held() if self.answers else None
            time.sleep(.03)
        raise AssertionError(f'not within {seconds} s: {code}')

    def open(self, url):
        self.call('Page.navigate', url=url)
        self.until("document.readyState === 'complete'")

    def key(self, key, code=None, modifiers=0, text=None):
        numbers = {'Tab': 9, 'Enter': 13, ' ': 32}
        base = {'key': key, 'code': code or key, 'windowsVirtualKeyCode': numbers.get(key, 0), 'modifiers': modifiers}
        text = text or {'Enter': '\r', ' ': ' '}.get(key)
        self.call('Input.dispatchKeyEvent', type='keyDown', **base, **({'text': text} if text else {}))
        self.call('Input.dispatchKeyEvent', type='keyUp', **base)

    def size(self, width, height=900):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': name}])

    def shot(self, path):
        height = self.js('document.documentElement.scrollHeight')
        clip = {'x': 0, 'y': 0, 'width': self.js('innerWidth'), 'height': min(height, 4000), 'scale': 1}
        data = self.call('Page.captureScreenshot', captureBeyondViewport=True, clip=clip)['data']
        Path(path).write_bytes(base64.b64decode(data))


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='drive')
        self.process = subprocess.Popen(
            ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0', '--no-first-run',
             f'--user-data-dir={self.folder}', 'about:blank'], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        file = Path(self.folder) / 'DevToolsActivePort'
        for _ in range(300):
            if file.exists() and file.read_text().strip():
                self.port = int(file.read_text().split()[0])
                return self
            time.sleep(.1)
        raise RuntimeError('chromium does not start')

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# --- Acting on the page

def give(tab, files, how='drop'):
    """Gives the page [(name, bytes, type)] by a synthetic drop or paste."""
    data = json.dumps([[n, base64.b64encode(b).decode(), t] for n, b, t in files])
    tab.js(f"""(() => {{
      const transfer = new DataTransfer();
      for (const [name, data, type] of {data}) {{
        const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
        transfer.items.add(new File([bytes], name, {{type}}));
      }}
      const make = kind => kind === 'paste'
          ? new ClipboardEvent('paste', {{clipboardData: transfer, bubbles: true, cancelable: true}})
          : new DragEvent(kind, {{dataTransfer: transfer, bubbles: true, cancelable: true}});
      const target = document.querySelector('footer');
      if ('{how}' === 'paste') return target.dispatchEvent(make('paste'));
      window.dropStates = [target.dispatchEvent(make('dragover')), document.body.classList.contains('dragged')];
      window.dropStates.push(target.dispatchEvent(make('drop')), document.body.classList.contains('dragged'));
    }})()""")


def choose(tab, paths):
    node = tab.call('Runtime.evaluate', expression="document.getElementById('files')")['result']['objectId']
    tab.call('DOM.setFileInputFiles', files=[str(p) for p in paths], objectId=node)


READ = """[...document.querySelectorAll('.card')].map(card => ({
  name: card.querySelector('.name').textContent,
  state: card.querySelector('.state').textContent,
  error: card.querySelector('.error').hidden ? null : card.querySelector('.error').textContent,
  again: !card.querySelector('.again').hidden,
  explain: !card.querySelector('.explain').hidden,
  pressed: card.querySelector('.explain').getAttribute('aria-pressed'),
  map: !card.querySelector('.map').hidden && card.querySelector('.map').naturalWidth,
  thumbnail: card.querySelector('.thumbnail').tagName,
  rows: [...card.querySelectorAll('.answer li')].map(row => ({
    text: row.querySelector('.class').textContent, share: row.querySelector('.share').textContent, chosen: row.classList.contains('chosen'),
    above: row.classList.contains('above'), width: row.querySelector('.fill')?.getBoundingClientRect().width / row.clientWidth}))}))"""
FINISHED = "document.querySelector('.card') && document.getElementById('progress').hidden"


def cards(tab):
    return tab.js(READ)


def finished(tab, seconds=30):
    tab.until(FINISHED, seconds)
    return cards(tab)


def choose_model(tab, name):
    tab.js(f"{{const s = document.getElementById('model'); s.value = {json.dumps(name)}; s.dispatchEvent(new Event('change', {{bubbles: true}}))}}")


def mock_answers(change=None):
    """Answers of the mock's functions; `change(request, number)` may replace one, or return None to keep it."""
    def answers(request, number):
        replaced = change(request, number) if change else None
        if replaced is not None:
            return None if replaced == 'reset' else replaced
        body = b''.join(base64.b64decode(e['bytes']) for e in request.get('postDataEntries', []) if 'bytes' in e)
        target = re.sub(r'^https?://[^/]+', '', request['url'])
        if '/v1/' in target and request['method'] == 'POST' and not body:
            body = picture(number)
        return mock.answer(request['method'], target, body)
    return answers


def equal(found, wanted, what=''):
    assert found == wanted, f'{what} {found!r}, not {wanted!r}'


# --- Checks

checks = []


def check(group):
    def add(function):
        checks.append((group, function))
        return function
    return add


@check('server')
def files_and_policy(tab, url, _):
    for path in ('/', '/page.css', '/page.js', '/openapi.json'):
        reply = urllib.request.urlopen(url + path)
        text = reply.read().decode()
        assert ')embedded"' not in text and len(text) > 500, path
        if path == '/':
            policy = reply.headers['Content-Security-Policy']
            assert policy and "default-src 'none'" in policy and 'unsafe' not in policy, policy
            assert not re.search(r'\sstyle=|\son\w+=|<script>', text), 'inline style or script'
        if path == '/openapi.json':
            document = json.loads(text)
            assert document['openapi'].startswith('3.1') and '/v1/predict' in document['paths']
    equal([r['url'] for r in tab.requests if not r['url'].startswith((url, 'data:', 'blob:', 'about:'))], [], 'external requests')


@check('server')
def models_are_listed(tab, url, _):
    options = tab.until("document.getElementById('model').options.length && [...document.getElementById('model').options].map(o => o.text)")
    assert all('class' in o or 'predicts' in o for o in options), options
    equal(tab.js("document.getElementById('model').hidden"), len(options) == 1)
    assert tab.js("document.getElementById('about').textContent").count('·') >= 1


@check('server')
def drop_predicts_all_models(tab, url, shots):
    tab.until("document.getElementById('model').options.length")
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(3)])
    equal(tab.js('dropStates'), [False, True, False, False], 'drag')
    equal([c['name'] for c in finished(tab)], ['a0.png', 'a1.png', 'a2.png'])
    for name in tab.js("[...document.getElementById('model').options].map(o => o.value)"):
        if name == 'broken':
            continue
        choose_model(tab, name)
        for card in finished(tab):
            equal(card['error'], None, name)
            assert card['rows'] and card['explain'] and (card['state'] == '' or 'No class' in card['state']), card
            if len(card['rows']) > 1:
                shares = [r['width'] for r in card['rows']]
                equal(shares, sorted(shares, reverse=True), 'bars')
                for row in card['rows']:
                    if row['share'] != '<0.1%':
                        assert abs(row['width'] - float(row['share'][:-1]) / 100) < .01, row
    assert 'predict' in tab.requests[-1]['url']


@check('server')
def formats(tab, url, shots):
    files = [(f'a.{e}', picture(5, f), '') for e, f in
             (('jpg', 'JPEG'), ('png', 'PNG'), ('webp', 'WEBP'), ('bmp', 'BMP'), ('tiff', 'TIFF'), ('ppm', 'PPM'))]
    give(tab, files)
    found = finished(tab)
    equal([c['error'] for c in found], [None] * 6, 'formats')
    tab.js("document.querySelectorAll('.thumbnail').forEach(t => t.scrollIntoView())")
    tab.until("document.querySelectorAll('p.thumbnail').length === 2")
    equal([c['thumbnail'] for c in cards(tab)], ['IMG'] * 4 + ['P'] * 2, 'placeholders')


@check('server')
def what_is_no_image_is_refused(tab, url, shots):
    give(tab, [('notes.txt', b'no image at all', 'text/plain'), ('empty.png', b'', 'image/png'), ('a.json', b'{"images": []}', 'application/json')])
    for card in finished(tab):
        assert card['error'] and not card['rows'] and not card['again'] and not card['explain'], card


@check('server')
def explanation(tab, url, shots):
    give(tab, [('a.jpg', picture(3, 'JPEG'), 'image/jpeg'), ('b.tiff', picture(4, 'TIFF'), 'image/tiff')])
    finished(tab)
    assert not [r for r in tab.requests if 'explain' in r['url']], 'not lazy'
    for place in (0, 1):
        button = f"document.querySelectorAll('.explain')[{place}]"
        tab.js(f'{button}.focus()')
        tab.key('Enter')
        tab.until(f"document.querySelectorAll('.map')[{place}].naturalWidth > 0")
        card = cards(tab)[place]
        assert card['pressed'] == 'true' and card['map'] > 0, card
        assert tab.js(f"document.querySelectorAll('.thumbnail')[{place}].hidden")
        tab.key(' ')
        equal(cards(tab)[place]['pressed'], 'false')
        tab.key(' ')
        equal(cards(tab)[place]['pressed'], 'true')
    equal(len([r for r in tab.requests if 'explain' in r['url']]), 2, 'requests for explanations')


@check('server')
def choose_and_paste(tab, url, shots):
    folder = Path(tempfile.mkdtemp())
    for i in range(2):
        (folder / f'c{i}.png').write_bytes(picture(i))
    choose(tab, [folder / 'c0.png', folder / 'c1.png'])
    equal([c['name'] for c in finished(tab)], ['c0.png', 'c1.png'])
    choose(tab, [folder / 'c0.png'])
    tab.until("document.querySelectorAll('.card').length === 3")
    finished(tab)
    give(tab, [('image.png', picture(7), 'image/png')], 'paste')
    equal([c['name'] for c in finished(tab)], ['image.png', 'c0.png', 'c0.png', 'c1.png'])
    assert all(c['rows'] for c in cards(tab))
    assert tab.js("document.getElementById('news').textContent").startswith('image.png: ')
    shutil.rmtree(folder)


@check('server')
def hostile_and_long_names(tab, url, shots):
    names = ['<img src=x onerror=alert(1)>.png', 'x' * 250 + '.png', 'ünï \u202e 名前 🙂 & "quotes" ;,.png', '../../etc/passwd']
    give(tab, [(n, picture(i), 'image/png') for i, n in enumerate(names)])
    equal([c['name'] for c in finished(tab)], [n.replace('/', tab.js("new File([], 'a/b').name[1]")) for n in names])
    equal([c['error'] for c in cards(tab)], [None] * 4)
    tab.size(390)
    equal(tab.js('document.documentElement.scrollWidth <= innerWidth'), True, 'no horizontal scrolling')


@check('server')
def two_hundred(tab, url, shots):
    tab.until("document.getElementById('model').options.length")
    start = time.time()
    give(tab, [(f'p{i}.png', picture(i, size=(64, 48)), 'image/png') for i in range(200)])
    found = finished(tab, 120)
    equal(sum(1 for c in found if c['rows']), 200)
    print(f'        200 pictures in {time.time() - start:.1f} s', end='')
    tab.js("document.getElementById('clear').click()")
    equal(tab.js("document.querySelectorAll('.card').length"), 0)
    equal(tab.js("document.activeElement.id"), 'files')


@check('page')
def removal_revokes_and_moves_focus(tab, url, shots):
    tab.intercept(mock_answers())
    tab.js("""window.live = new Set();
      const make = URL.createObjectURL, drop = URL.revokeObjectURL;
      URL.createObjectURL = b => { const u = make(b); live.add(u); return u; };
      URL.revokeObjectURL = u => { live.delete(u); drop(u); }""")
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(3)])
    finished(tab)
    tab.js("document.querySelector('.explain').click()")
    tab.until("document.querySelector('.map').naturalWidth > 0")
    equal(tab.js('live.size'), 4)
    tab.js("document.querySelector('.remove').focus()")
    tab.key('Enter')
    equal(tab.js('live.size'), 2, 'blob URLs after a removal')
    equal(tab.js("document.activeElement.ariaLabel"), 'Remove a1.png')
    equal(tab.js("document.getElementById('count').textContent"), '2 pictures')
    tab.js("document.getElementById('clear').click()")
    equal(tab.js('live.size'), 0, 'blob URLs after the removal of all')
    assert tab.js("document.getElementById('bar').hidden")


@check('page')
def at_most_four_requests(tab, url, shots):
    tab.intercept(mock_answers())
    tab.until("document.getElementById('model').options.length")
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(12)])
    time.sleep(.6)
    tab.js('1')
    equal(len(tab.held), 4, 'requests at once')
    finished(tab)
    equal(tab.most_held, 4, 'requests at once')


@check('page')
def busy_is_retried(tab, url, shots):
    times = []

    def change(request, number):
        if 'predict' in request['url']:
            times.append(time.time())
            if len(times) < 3:
                return mock.error(503, 'the queue is full', Retry_After='1')
    tab.intercept(mock_answers(change))
    give(tab, [('a.png', picture(1), 'image/png')])
    equal(finished(tab)[0]['error'], None)
    equal(len(times), 3)
    assert min(b - a for a, b in zip(times, times[1:])) > .9, times


@check('page')
def failures_are_shown_and_repeated(tab, url, shots):
    bad = {'failing': True}

    def change(request, number):
        if 'predict' in request['url'] and bad['failing']:
            first = len(bad)
            bad[number] = 1
            return [mock.error(500, 'the model failed; look into the log'), mock.error(503, 'the server is draining'), 'reset',
                    (502, {}, b'<html>'), mock.error(413, 'the body is larger than 32 MiB'),
                    mock.as_json({'model': 'pets', 'predictions': [{'path': 'image 1', 'error': 'the file ends early'}]}),
                    (200, {}, b'no json')][first - 1]
    tab.intercept(mock_answers(change))
    for i in range(7):  # one after the other, so that the order is known
        give(tab, [(f'a{i}.png', picture(i), 'image/png')])
        found = finished(tab)
    found = found[::-1]
    texts = [c['error'] for c in found]
    for text, part in zip(texts, ('the model failed', 'draining', 'does not answer', '502', '32 MiB', 'ends early', 'damaged')):
        assert part in text, texts
    equal([c['again'] for c in found], [True, True, True, True, False, False, True])
    equal(tab.js("document.getElementById('count').textContent"), '7 pictures, 7 failed')
    bad['failing'] = False
    tab.js("document.querySelectorAll('.again:not([hidden])').forEach(b => b.click())")
    equal(sum(1 for c in finished(tab) if c['rows']), 5)


@check('page')
def explanation_may_fail(tab, url, shots):
    bad = [True]
    tab.intercept(mock_answers(lambda r, n: mock.error(400, 'this network cannot be explained') if 'explain' in r['url'] and bad[0] else None))
    give(tab, [('a.png', picture(1), 'image/png')])
    finished(tab)
    tab.js("document.querySelector('.explain').click()")
    tab.until("!document.querySelector('.error').hidden")
    card = cards(tab)[0]
    assert card['rows'] and card['error'] == 'this network cannot be explained' and card['pressed'] == 'false' and card['state'] == '', card
    bad[0] = False
    tab.js("document.querySelector('.explain').click()")
    tab.until("document.querySelector('.map').naturalWidth > 0")
    equal(cards(tab)[0]['error'], None)


@check('page')
def token_is_asked_for(tab, url, shots):
    seen = []

    def change(request, number):
        seen.append((request['headers'].get('Authorization'), request['url']))
        if request['headers'].get('Authorization') != 'Bearer good':
            return mock.error(401, 'the token is missing or wrong', WWW_Authenticate='Bearer')
    tab.intercept(mock_answers(change))
    tab.open(url)
    tab.until("!document.getElementById('access').hidden")
    equal(tab.js('document.activeElement.id'), 'token')
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(6)])
    for width, scheme in ((1200, 'light'), (390, 'dark')):
        tab.size(width), tab.scheme(scheme)
        tab.shot(shots / f'token-{width}-{scheme}.png')
    for letter in 'bad':
        tab.key(letter, text=letter)
    tab.key('Enter')
    tab.until("document.getElementById('access-reason').textContent.includes('does not accept')")
    assert not tab.js("document.getElementById('access').hidden")
    for letter in 'good':
        tab.key(letter, text=letter)
    tab.key('Enter')
    assert all(c['rows'] for c in finished(tab))
    assert tab.js("document.getElementById('access').hidden")
    equal(seen[0][0], None)
    equal(len([s for s in seen if s[0] == 'Bearer good' and 'predict' in s[1]]), 6)
    assert 'good' not in tab.js('location.href + JSON.stringify({...localStorage}) + document.documentElement.outerHTML').replace('goods', '')


@check('page')
def token_expires(tab, url, shots):
    good = ['one']

    def change(request, number):
        if request['headers'].get('Authorization') != f'Bearer {good[0]}':
            return mock.error(401, 'wrong', WWW_Authenticate='Bearer')
    tab.intercept(mock_answers(change))
    tab.open(url)
    for word in ('one', 'two'):
        good[0] = word
        if word == 'two':
            give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(9)])
        tab.until("!document.getElementById('access').hidden")
        for letter in word:
            tab.key(letter, text=letter)
        tab.key('Enter')
        tab.until("document.getElementById('access').hidden && document.getElementById('model').options.length")
    equal([c['error'] for c in finished(tab)], [None] * 9)


@check('page')
def models_may_fail(tab, url, shots):
    bad = [True]
    tab.intercept(mock_answers(lambda r, n: mock.error(503, 'the server is draining') if bad[0] else None))
    tab.open(url)
    tab.until("!document.getElementById('problem').hidden")
    assert 'draining' in tab.js("document.getElementById('problem').textContent")
    give(tab, [('a.png', picture(1), 'image/png')])
    tab.size(390)
    tab.shot(shots / 'no-models-390.png')
    bad[0] = False
    tab.js("document.getElementById('reload').click()")
    assert finished(tab)[0]['rows']
    assert tab.js("document.getElementById('problem').hidden")


@check('page')
def one_model(tab, url, shots):
    tab.intercept(mock_answers(lambda r, n: mock.as_json({'models': mock.MODELS[2:3]}) if 'models' in r['url'] else None))
    tab.open(url)
    tab.until("document.getElementById('model').options.length === 1")
    assert tab.js("document.getElementById('model').hidden")
    equal(tab.js("document.getElementById('about').textContent"), 'age · resnet18 · predicts age in years · a number for each picture · reads 224 × 224 pixels')


@check('page')
def another_model_drops_late_answers(tab, url, shots):
    tab.intercept(mock_answers())
    tab.open(url)
    tab.until("document.getElementById('model').options.length")
    give(tab, [('a.png', picture(1), 'image/png')])
    time.sleep(.3)
    choose_model(tab, 'scenes')
    time.sleep(.3)
    choose_model(tab, 'age')
    row = finished(tab)[0]['rows']
    equal([r['text'] for r in row], ['age in years'])
    time.sleep(.3)
    equal(cards(tab)[0]['rows'], row)


@check('page')
def kinds_of_models(tab, url, shots):
    shares = [.93, .71, .64, .58, .55, .51, .2, .0004, 0]

    def change(request, number):
        if 'model=scenes' in request['url'] and 'predict' in request['url']:
            assert 'top_k=9' in request['url'], request['url']
            count = 6 if change.many else 0
            scale = 1 if change.many else .5
            top = [{'index': i, 'class': c, 'probability': s * scale} for i, (c, s) in enumerate(zip(mock.SCENES, shares))]
            return mock.as_json({'model': 'scenes', 'predictions': [{'path': 'image 1', 'top': top, 'labels': mock.SCENES[:count]}]})
    change.many = True
    tab.intercept(mock_answers(change))
    tab.open(url)
    tab.until("document.getElementById('model').options.length")
    give(tab, [('a.png', picture(1), 'image/png')])
    equal([len(c['rows']) for c in finished(tab)], [5])
    equal([r['chosen'] for r in cards(tab)[0]['rows']], [True] + [False] * 4)
    choose_model(tab, 'scenes')
    equal([r['above'] for r in finished(tab)[0]['rows']], [True] * 6)
    change.many = False
    choose_model(tab, 'scenes')
    card = finished(tab)[0]
    equal([r['above'] for r in card['rows']], [False] * 5)
    assert 'No class' in card['state'], card
    tab.js("document.querySelector('.explain').click()")
    tab.until("document.querySelector('.map').naturalWidth > 0")
    equal(cards(tab)[0]['state'], card['state'])
    choose_model(tab, 'age')
    card = finished(tab)[0]
    equal((card['rows'][0]['text'], card['map'], card['pressed']), ('age in years', False, 'false'))
    assert re.fullmatch(r'\d+(\.\d+)?', card['rows'][0]['share']), card


@check('page')
def keyboard_order(tab, url, shots):
    tab.intercept(mock_answers())
    tab.open(url)
    tab.until("document.getElementById('model').options.length")
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(2)])
    finished(tab)
    tab.js('document.activeElement.blur()')
    order = []
    for _ in range(8):
        tab.key('Tab')
        order.append(tab.js("document.activeElement.ariaLabel || document.activeElement.id || document.activeElement.textContent"))
        outline = tab.js("(e => getComputedStyle(e.id === 'files' ? e.parentNode : e).outlineStyle)(document.activeElement)")
        equal(outline, 'solid', f'focus of {order[-1]}')
    equal(order, ['model', 'files', 'clear', 'Remove a0.png', 'Where the network looks in a0.png', 'Remove a1.png',
                  'Where the network looks in a1.png', 'openapi.json'])


@check('page')
def keyboard_opens_the_file_chooser(tab, url, shots):
    tab.call('Page.setInterceptFileChooserDialog', enabled=True)
    for key in (' ', 'Enter'):
        tab.choosers = 0
        tab.js("document.getElementById('files').focus()")
        tab.key(key)
        time.sleep(.3)
        tab.js('1')
        equal(tab.choosers, 1, f'file choosers after {key!r}')


@check('page')
def accessibility(tab, url, shots):
    if not AXE:
        return print('        skipped: no axe.min.js', end='')
    tab.intercept(mock_answers(lambda r, n: mock.error(500, 'the model failed') if 'predict' in r['url'] and n % 3 == 0 else None))
    tab.open(url)
    tab.until("document.getElementById('model').options.length")
    give(tab, [(f'a{i}.png', picture(i), 'image/png') for i in range(3)] + [('b.tiff', picture(3, 'TIFF'), '')])
    finished(tab)
    tab.js("document.querySelector('.explain:not([hidden])').click()")
    tab.until("document.querySelector('.map:not([hidden])')?.naturalWidth > 0")
    tab.js(AXE.read_text() + ';1')
    for width, scheme in ((1200, 'light'), (1200, 'dark'), (390, 'light')):
        tab.size(width), tab.scheme(scheme)
        found = tab.js("axe.run(document, {preload: false}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))")
        equal(found, [], f'{width} {scheme}')


@check('page')
def contrast_of_parts(tab, url, shots):
    """Borders of controls, bars and focus against what is next to them: at least 3 (WCAG 1.4.11)."""
    def luminance(text):
        rgb = [int(v) / 255 for v in re.findall(r'\d+', text)[:3]]
        r, g, b = [v / 12.92 if v <= .04045 else ((v + .055) / 1.055) ** 2.4 for v in rgb]
        return .2126 * r + .7152 * g + .0722 * b
    for scheme in ('light', 'dark'):
        tab.scheme(scheme)
        colors = tab.js("""(() => { const e = document.createElement('i'); document.body.append(e); const c = {};
          for (const n of ['page', 'card', 'edge', 'blue', 'orange', 'grid', 'button', 'on-button', 'text', 'muted']) {
            e.style.color = `var(--${n})`; c[n] = getComputedStyle(e).color; } e.remove(); return c; })()""")
        for one, other, least in (('edge', 'card', 3), ('blue', 'card', 3), ('blue', 'page', 3), ('blue', 'grid', 3), ('orange', 'card', 3),
                                  ('on-button', 'button', 4.5), ('muted', 'card', 4.5), ('muted', 'page', 4.5), ('card', 'text', 4.5)):
            a, b = sorted((luminance(colors[one]), luminance(colors[other])))
            assert (b + .05) / (a + .05) >= least, f'{scheme}: {one} on {other} {(b + .05) / (a + .05):.2f}'


@check('page')
def widths_and_themes(tab, url, shots):
    hold = ['slow.jpg']
    files = [('cat on a sofa.jpg', picture(1, 'JPEG'), 'image/jpeg'), ('portrait.png', picture(2, size=(200, 420)), 'image/png'),
             ('scan of a page.tiff', picture(3, 'TIFF'), 'image/tiff'), ('notes.txt', b'text', 'text/plain'),
             ('IMG_20260412_a_very_long_file_name_that_a_telephone_or_a_scanner_made_up_without_any_space_in_it_0001.jpeg', picture(5, 'JPEG'), 'image/jpeg'),
             ('panorama.png', picture(6, size=(900, 160)), 'image/png')]
    failing = [3]

    def change(request, number):
        if 'predict' in request['url']:
            if failing[0] == 0:
                failing[0] -= 1
                return mock.error(400, 'image 1 is not an image of a known format; send JPEG, PNG, WebP, BMP, TIFF, PPM or PGM')
            failing[0] -= 1
    tab.intercept(mock_answers(change))
    tab.size(1200), tab.scheme('light')
    tab.open(url)
    tab.until("document.getElementById('model').options.length")
    tab.shot(shots / 'empty-1200-light.png')
    for name in ('pets', 'scenes', 'age'):
        failing[0] = 3
        choose_model(tab, name)
        if name == 'pets':
            give(tab, files)
        finished(tab)
        if name != 'age':
            tab.js("document.querySelectorAll('.explain')[4].click()")
            tab.until("document.querySelectorAll('.map')[4].naturalWidth > 0")
        for width in (390, 1200):
            for scheme in ('light', 'dark'):
                tab.size(width, 1400), tab.scheme(scheme)
                time.sleep(.1)
                equal(tab.js('document.documentElement.scrollWidth <= innerWidth'), True, f'no horizontal scrolling at {width}')
                tab.shot(shots / f'{name}-{width}-{scheme}.png')
    tab.size(1200), tab.scheme('light')
    give(tab, [(f'more{i}.png', picture(i + 20), 'image/png') for i in range(9)])
    tab.js("document.body.classList.add('dragged')")
    tab.shot(shots / 'running-1200-light.png')


def main():
    options = argparse.ArgumentParser()
    options.add_argument('url', nargs='?')
    options.add_argument('--token')
    options.add_argument('--shots', type=Path, default=Path(tempfile.gettempdir()) / 'graft-page')
    options.add_argument('--only', default='')
    asked = options.parse_args()
    url = (asked.url or f'http://127.0.0.1:{mock.start(token=asked.token).server_port}').rstrip('/')
    asked.shots.mkdir(exist_ok=True)
    failed = 0
    with Browser() as browser:
        for group, function in checks:
            if asked.only not in function.__name__:
                continue
            tab = Tab(browser.port)
            try:
                tab.size(1200)
                if group == 'page':
                    tab.intercept(mock_answers())
                tab.open(url + '/')
                if group == 'server' and asked.token:
                    tab.until("!document.getElementById('access').hidden")
                    for letter in asked.token:
                        tab.key(letter, text=letter)
                    tab.key('Enter')
                function(tab, url, asked.shots)
                equal(tab.problems, [], 'console')
                print(f'ok      {group}: {function.__name__}'.replace('_', ' '), flush=True)
            except Exception as problem:
                failed += 1
                print(f'FAILED  {group}: {function.__name__}'.replace('_', ' '), flush=True)
                traceback.print_exc() if not isinstance(problem, AssertionError) else print('        ', problem)
            tab.call('Page.close')
    print(f'{failed} failed' if failed else 'all passed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
