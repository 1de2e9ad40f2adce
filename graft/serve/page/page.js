// The page of `graft serve`: sends each picture to the server and shows the answer on a card.

const requestsAtOnce = 4;
const mostRetries = 60;
const rowsShown = 5;
const find = id => document.getElementById(id);
const copyOf = id => find(id).content.firstElementChild.cloneNode(true);

// Requests

// What went wrong, in words for the reader. A final failure happens again if the same request is repeated.
class Failure extends Error {
  constructor(text, final = false) {
    super(text);
    this.final = final;
  }
}

let token = '';
let tokenEntered = null;  // the promise of the token that the reader is asked for

function askToken() {
  tokenEntered ??= new Promise(entered => {
    const form = find('access');
    find('access-reason').textContent = token
        ? 'The server does not accept this token. Enter another one.'
        : 'The server requires a token. This page keeps it until it is closed or reloaded.';
    form.hidden = false;
    find('token').focus();
    form.onsubmit = event => {
      event.preventDefault();
      token = find('token').value;
      tokenEntered = null;
      form.reset();
      form.hidden = true;
      find('files').focus();
      entered();
    };
  });
  return tokenEntered;
}

const pause = seconds => new Promise(resume => setTimeout(resume, seconds * 1000));

async function failureOf(response) {
  const answer = await response.json().catch(() => null);
  return new Failure(answer?.error ?? `The server answers with status ${response.status}.`, response.status < 500);
}

async function fetchOnce(path, options) {
  const headers = {...options.headers};
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    return await fetch(path, {...options, headers});
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failure('The server does not answer. Check that it is running and that the picture is not larger than its limit.');
  }
}

// Repeats the request while the server is busy, and with another token if it does not accept the present one.
async function request(path, options = {}) {
  for (let retries = 0;;) {
    const sent = token;
    const response = await fetchOnce(path, options);
    if (response.ok) return response;
    if (response.status === 401) {
      if (sent === token) await askToken();
    } else if (response.status === 503 && response.headers.has('Retry-After') && retries++ < mostRetries) {
      await pause(Number(response.headers.get('Retry-After')) || 1);
    } else {
      throw await failureOf(response);
    }
  }
}

let running = 0;
const waiting = [];

// Does the work when fewer than requestsAtOnce others are running; urgent work comes before what already waits.
async function inTurn(work, urgent) {
  if (running < requestsAtOnce) ++running;
  else await new Promise(start => urgent ? waiting.unshift(start) : waiting.push(start));
  try {
    return await work();
  } finally {
    const start = waiting.shift();
    if (start) start();
    else --running;
  }
}

// Models

let models = [];
let model = null;

const kinds = {single: 'one class for each picture', multi: 'several classes for each picture', number: 'a number for each picture'};
const classCount = ({classes}) => classes.length === 1 ? '1 class' : `${classes.length} classes`;
const size = entry => entry.labels === 'number' ? `predicts ${entry.classes[0]}` : classCount(entry);

function chooseModel(name) {
  model = models.find(entry => entry.name === name);
  const facts = [kinds[model.labels], `reads ${model.input.width} × ${model.input.height} pixels`];
  if (models.length === 1) facts.unshift(model.name, model.architecture, size(model));
  find('about').textContent = facts.join(' · ');
}

function listModels() {
  const options = models.map(entry => new Option(`${entry.name} (${entry.architecture}, ${size(entry)})`, entry.name));
  const chosen = (models.find(entry => entry.default) ?? models[0]).name;
  find('model').replaceChildren(...options);
  find('model').value = chosen;
  find('model').hidden = models.length === 1;
  chooseModel(chosen);
}

async function loadModels() {
  find('problem').hidden = true;
  find('about').textContent = 'Asking the server for its models…';
  try {
    models = (await (await request('v1/models')).json()).models;
    listModels();
    for (const card of cards) card.predict();
  } catch (error) {
    find('about').textContent = 'not known';
    find('problem').firstElementChild.textContent = `The models cannot be listed: ${error.message}`;
    find('problem').hidden = false;
  }
}

// Cards

const cards = new Set();

const percent = share => share > 0 && share < 0.001 ? '<0.1%' : `${(100 * share).toFixed(1)}%`;
const short = number => String(Number(number.toPrecision(6)));

function classRow(name, share, chosen, above) {
  const row = copyOf('row');
  row.classList.toggle('chosen', chosen);
  row.classList.toggle('above', above);
  row.querySelector('.class').textContent = name;
  row.querySelector('.share').textContent = percent(share);
  row.querySelector('.fill').style.width = `${100 * share}%`;
  return row;
}

function numberRow({name, number}) {
  const row = copyOf('row');
  row.className = 'number chosen';
  row.querySelector('.class').textContent = name;
  row.querySelector('.share').textContent = short(number);
  row.querySelector('.track').remove();
  return row;
}

function answerRows(prediction, kind) {
  if (kind === 'number') return [numberRow(prediction)];
  const chosen = new Set(prediction.labels);
  return prediction.top
      .filter((entry, place) => place < rowsShown || chosen.has(entry.class))
      .map(entry => classRow(entry.class, entry.probability, chosen.has(entry.class), kind === 'multi' && chosen.has(entry.class)));
}

function inWords(prediction, kind) {
  if (kind === 'number') return `${prediction.name} ${short(prediction.number)}`;
  if (kind === 'multi') return prediction.labels.join(', ') || 'no class above the threshold';
  return `${prediction.top[0].class} ${percent(prediction.top[0].probability)}`;
}

class Card {
  constructor(file) {
    this.file = file;
    this.element = copyOf('card');
    this.part = name => this.element.querySelector(`.${name}`);
    this.part('name').textContent = file.name;
    this.part('remove').ariaLabel = `Remove ${file.name}`;
    this.part('explain').ariaLabel = `Where the network looks in ${file.name}`;
    this.part('map').alt = `Where the network looks in ${file.name}, from blue (nowhere) to red`;
    this.part('remove').onclick = () => removeCard(this);
    this.part('again').onclick = () => this.predict();
    this.part('explain').onclick = () => this.toggleMap();
    this.showThumbnail();
    this.clear();
  }

  showThumbnail() {
    const image = this.part('thumbnail');
    image.alt = this.file.name;
    image.onerror = () => this.replaceThumbnail(image);
    image.src = this.url = URL.createObjectURL(this.file);
  }

  replaceThumbnail(image) {
    const text = document.createElement('p');
    text.className = 'thumbnail';
    text.textContent = 'The browser cannot show this file.';
    text.hidden = image.hidden;
    image.replaceWith(text);
  }

  // Back to a card without an answer; answers that are still on their way are dropped.
  clear() {
    this.stop?.abort();
    this.stop = new AbortController();
    URL.revokeObjectURL(this.mapUrl);
    this.part('map').removeAttribute('src');
    this.mapUrl = null;
    this.mapAsked = false;
    this.news = null;
    this.failed = false;
    this.showMap(false);
    this.part('state').textContent = 'Waiting for the prediction…';
    this.part('answer').replaceChildren();
    for (const name of ['error', 'again', 'explain']) this.part(name).hidden = true;
  }

  discard() {
    this.clear();
    this.stop.abort();
    URL.revokeObjectURL(this.url);
    this.element.remove();
  }

  ask(path, query, read, urgent) {
    const {signal} = this.stop;
    return inTurn(async () => {
      signal.throwIfAborted();
      const body = await this.file.arrayBuffer().catch(() => { throw new Failure('The browser cannot read this file.'); });
      const headers = {'Content-Type': 'application/octet-stream'};
      const response = await request(`${path}?${new URLSearchParams(query)}`, {method: 'POST', body, headers, signal});
      return read(response).catch(() => { throw new Failure('The answer of the server is damaged.'); });
    }, urgent);
  }

  async predict() {
    this.clear();
    showProgress();
    const {signal} = this.stop;
    const {name, labels, classes} = model;
    const query = {model: name, top_k: labels === 'multi' ? classes.length : rowsShown};
    try {
      const [prediction] = (await this.ask('v1/predict', query, response => response.json())).predictions;
      if (prediction.error) throw new Failure(prediction.error, true);
      this.showAnswer(prediction, labels);
    } catch (error) {
      if (signal.aborted) return;
      this.showFailure(error);
    }
    untold.push(this);
    showProgress();
  }

  showAnswer(prediction, kind) {
    const unnamed = kind === 'multi' && prediction.labels.length === 0;
    const unknown = prediction.known === false ? 'This picture is unlike the training pictures.' : '';
    this.part('state').textContent = [unnamed ? 'No class is above the threshold.' : '', unknown].join(' ').trim();
    this.part('answer').replaceChildren(...answerRows(prediction, kind));
    this.part('explain').hidden = false;
    this.news = inWords(prediction, kind);
  }

  showFailure(error) {
    this.failed = true;
    this.news = error.message;
    this.part('state').textContent = '';
    this.showError(error);
    this.part('again').hidden = error.final;
  }

  showError({message}) {
    this.part('error').textContent = message;
    this.part('error').hidden = false;
  }

  showMap(shown) {
    this.part('explain').ariaPressed = String(shown);
    this.part('map').hidden = !shown;
    this.part('legend').hidden = !shown;
    this.part('thumbnail').hidden = shown;
  }

  async toggleMap() {
    if (this.mapUrl) this.showMap(this.part('map').hidden);
    else if (!this.mapAsked) await this.fetchMap();
  }

  async fetchMap() {
    const {signal} = this.stop;
    this.mapAsked = true;
    this.part('error').hidden = true;
    const before = this.part('state').textContent;
    this.part('state').textContent = 'Computing where the network looks…';
    try {
      const image = await this.ask('v1/explain', {model: model.name}, response => response.blob(), true);
      this.part('map').src = this.mapUrl = URL.createObjectURL(image);
      this.showMap(true);
    } catch (error) {
      if (signal.aborted) return;
      this.showError(error);
    }
    this.mapAsked = false;
    this.part('state').textContent = before;
  }
}

// All cards

const plural = count => count === 1 ? '1 picture' : `${count} pictures`;

function totals() {
  const all = [...cards];
  const failed = all.filter(card => card.failed).length;
  return {finished: all.filter(card => card.news !== null).length, failures: failed ? `, ${failed} failed` : ''};
}

function showProgress() {
  const {finished, failures} = totals();
  const share = finished < cards.size ? `${finished} of ${plural(cards.size)} finished` : plural(cards.size);
  find('bar').hidden = cards.size === 0;
  find('count').textContent = share + failures;
  find('progress').max = cards.size || 1;
  find('progress').value = finished;
  find('progress').hidden = finished === cards.size;
  if (finished === cards.size) tellNews();
}

let untold = [];  // finished cards that screen readers have not heard of

// Screen readers hear of a single picture what it shows, and of several only that all are finished.
function tellNews() {
  const told = untold.filter(card => cards.has(card));
  untold = [];
  if (told.length === 1) find('news').textContent = `${told[0].file.name}: ${told[0].news}`;
  if (told.length > 1) find('news').textContent = `Finished: ${find('count').textContent}`;
}

function addFiles(files) {
  const added = [...files].map(file => new Card(file));
  find('cards').prepend(...added.map(card => card.element));
  for (const card of added) cards.add(card);
  showProgress();
  if (model) for (const card of added) card.predict();
}

function removeCard(card) {
  const neighbour = card.element.nextElementSibling ?? card.element.previousElementSibling;
  cards.delete(card);
  card.discard();
  showProgress();
  (neighbour?.querySelector('.remove') ?? find('files')).focus();
}

function removeAll() {
  for (const card of cards) card.discard();
  cards.clear();
  showProgress();
  find('files').focus();
}

// Input

function acceptDrag(event) {
  if (!event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  document.body.classList.toggle('dragged', event.type === 'dragover');
  if (event.type === 'drop') addFiles(event.dataTransfer.files);
}

document.addEventListener('dragover', acceptDrag);
document.addEventListener('drop', acceptDrag);
document.addEventListener('dragleave', event => {
  if (!event.relatedTarget) document.body.classList.remove('dragged');
});
document.addEventListener('paste', event => addFiles(event.clipboardData.files));
find('files').addEventListener('change', event => {
  addFiles(event.target.files);
  event.target.value = '';
});
find('model').addEventListener('change', event => {
  chooseModel(event.target.value);
  for (const card of cards) card.predict();
});
find('clear').addEventListener('click', removeAll);
find('reload').addEventListener('click', loadModels);
loadModels();
