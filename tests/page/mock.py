"""A stand-in for `graft serve`: python3 mock.py [--port N] [--token T]. Model "slow" waits 2 s, "busy" answers every
second request with 503, "broken" answers 500. A body that is no image is answered with 400."""
import argparse, hashlib, io, json, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from PIL import Image

PAGE = Path(__file__).resolve().parents[2] / 'graft/serve/page'
TYPES = {'/': 'text/html; charset=utf-8', '/page.css': 'text/css; charset=utf-8', '/page.js': 'text/javascript; charset=utf-8',
         '/openapi.json': 'application/json'}
CSP = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


def model(name, labels, classes, architecture='efficientnet_lite0', default=False):
    return {'name': name, 'architecture': architecture, 'labels': labels, 'classes': classes,
            'input': {'height': 224, 'width': 224}, 'features': 1280, 'default': default}


PETS = ['Abyssinian', 'Bengal', 'Birman', 'American pit bull terrier', 'Wheaten terrier', 'Samoyed', 'Pug']
SCENES = ['sky', 'water', 'mountain', 'forest and other wooded land with a long name', 'city', 'people', 'night', 'beach', 'road']
MODELS = [model('pets', 'single', PETS, default=True), model('scenes', 'multi', SCENES, 'vit_small_patch16_224'),
          model('age', 'number', ['age in years'], 'resnet18'), model('slow', 'single', PETS), model('busy', 'single', PETS),
          model('broken', 'single', PETS)]
calls = 0


def error(status, text, **headers):
    return status, {'Content-Type': 'application/json', **{k.replace('_', '-'): v for k, v in headers.items()}}, \
        json.dumps({'error': text}).encode()


def as_json(value):
    return 200, {'Content-Type': 'application/json'}, json.dumps(value).encode()


def prediction(entry, body, top_k):
    seed = hashlib.sha256(body).digest()
    if entry['labels'] == 'number':
        return {'path': 'image 1', 'name': entry['classes'][0], 'number': 10 + seed[0] / 7}
    if entry['labels'] == 'multi':
        shares = [seed[i] / 255 for i in range(len(entry['classes']))]
    else:
        weights = [(seed[i] / 255) ** 4 + 1e-5 for i in range(len(entry['classes']))]
        shares = [w / sum(weights) for w in weights]
    order = sorted(range(len(shares)), key=lambda i: -shares[i])
    top = [{'index': i, 'class': entry['classes'][i], 'probability': shares[i]} for i in order]
    named = [t['class'] for t in top if t['probability'] >= 0.5] if entry['labels'] == 'multi' else [top[0]['class']]
    return {'path': 'image 1', 'top': top[:top_k], 'labels': named}


def heat(body):
    image = Image.open(io.BytesIO(body)).convert('RGB').resize((224, 224))
    spot = Image.radial_gradient('L').resize((224, 224)).point(lambda v: 255 - v)
    red = Image.merge('RGB', (spot, Image.new('L', (224, 224)), spot.point(lambda v: 255 - v)))
    out = io.BytesIO()
    Image.blend(image, red, 0.5).save(out, 'PNG')
    return 200, {'Content-Type': 'image/png'}, out.getvalue()


def answer(method, target, body, token=None, authorization=None):
    """(status, headers, body) of a request to /v1."""
    global calls
    parts = urlsplit(target)
    query = {k: v[0] for k, v in parse_qs(parts.query).items()}
    if token and authorization != f'Bearer {token}':
        return error(401, 'the token is missing or wrong; send Authorization: Bearer TOKEN', WWW_Authenticate='Bearer')
    if parts.path == '/v1/models':
        return as_json({'models': MODELS})
    if parts.path not in ('/v1/predict', '/v1/explain'):
        return error(404, 'unknown path')
    if method != 'POST':
        return error(405, 'use POST', Allow='POST')
    entry = next((m for m in MODELS if m['name'] == query.get('model', 'pets')), None)
    if not entry:
        return error(404, 'there is no such model')
    calls += 1
    time.sleep({'slow': 2}.get(entry['name'], 0.1))
    if entry['name'] == 'busy' and calls % 2:
        return error(503, 'the queue is full; repeat the request later', Retry_After='1')
    if entry['name'] == 'broken':
        return error(500, 'the model failed; look into the log of the server')
    try:
        Image.open(io.BytesIO(body)).load()
    except Exception:
        return error(400, 'image 1 is not an image of a known format; send JPEG, PNG, WebP, BMP, TIFF, PPM or PGM')
    if parts.path == '/v1/explain':
        return heat(body)
    return as_json({'model': entry['name'], 'predictions': [prediction(entry, body, int(query.get('top_k', 5)))]})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass  # a closed connection


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def reply(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        path = urlsplit(self.path).path
        if path in TYPES:
            name = 'index.html' if path == '/' else path[1:]
            status, headers, text = 200, {'Content-Type': TYPES[path], 'Content-Security-Policy': CSP}, (PAGE / name).read_bytes()
        else:
            status, headers, text = answer(self.command, self.path, body, self.server.token, self.headers.get('Authorization'))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('X-Content-Type-Options', 'nosniff')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = reply

    def log_message(self, *_):
        pass


def start(port=0, token=None):
    server = Server(('127.0.0.1', port), Handler)
    server.token = token
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == '__main__':
    options = argparse.ArgumentParser()
    options.add_argument('--port', type=int, default=8900)
    options.add_argument('--token')
    asked = options.parse_args()
    print(f'http://127.0.0.1:{start(asked.port, asked.token).server_port}', flush=True)
    threading.Event().wait()
