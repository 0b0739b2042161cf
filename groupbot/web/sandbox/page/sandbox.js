'use strict';
// The sandbox's page: its state, the groups, the clock and the box. State comes from /api/state and /api/messages,
// changes from /api/events; messages.js shows the messages.

const $ = (selector, within = document) => within.querySelector(selector);
const words = $('#words').dataset;
const seen = JSON.parse(localStorage.getItem('seen') || '{}'); // chat id -> the last message id that was shown
const drafts = JSON.parse(sessionStorage.getItem('drafts') || '{}'); // chat id -> {text, reply, edit, before}
const speakers = JSON.parse(sessionStorage.getItem('speakers') || '{}'); // chat id -> who spoke there last

let stage = null; // {county, timezone, form, opening, chats, people}
let chats = new Map();
let open = sessionStorage.getItem('open'); // the shown chat's id
let shown = new Map(); // its messages by id
let me = null; // user id
let sending = false;

// --- talking to the server ---------------------------------------------------------------------------------------------

async function ask(path, body) {
  let response, answer;
  try {
    response = await fetch('/api/' + path, body && {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    throw new Error(words.failed);
  }
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

async function act(path, body) {
  const chat = open;
  complain('');
  try {
    const message = await ask(path, {chat_id: chat, user_id: me, ...body});
    if (chat === open) show(message);
    return true;
  } catch (error) {
    if (chat === open) complain(error.message);
    return false;
  }
}

function complain(sentence) {
  $($('#box').hidden ? '#clock-error' : '#error').textContent = sentence;
}

function listen() {
  const events = new EventSource('/api/events');
  events.onopen = () => { $('#offline').hidden = true; load(); };
  events.onerror = () => { $('#offline').hidden = false; };
  events.onmessage = (event) => {
    const change = JSON.parse(event.data);
    showNow(change.now);
    if (change.stage) loadSoon();
    if (!change.chat) return;
    const chat = chats.get(change.chat.id);
    if (!chat) return loadSoon();
    Object.assign(chat, change.chat);
    if (chat.id === open) show(change.message);
    listGroups();
  };
}

let loading = 0;
function loadSoon() {
  clearTimeout(loading);
  loading = setTimeout(load, 100);
}

async function load() {
  try {
    stage = await ask('state');
  } catch {
    return; // the stream tells when the server is back
  }
  chats = new Map(stage.chats.map((chat) => [chat.id, chat]));
  for (const chat of chats.values()) seen[chat.id] = Math.min(seen[chat.id] ?? chat.last, chat.last);
  $('#county').textContent = stage.county;
  document.title = stage.county + ' · ' + document.title.split(' · ').pop();
  $('[data-move=opening]').hidden = !stage.opening;
  $('#form').hidden = !stage.form;
  showNow(stage.now);
  if (!chats.has(open)) open = chats.size ? chats.keys().next().value : null;
  if (open !== null) await enter(open);
}

// --- time ----------------------------------------------------------------------------------------------------------------

const formats = {};
function when(at, options) {
  const key = JSON.stringify(options);
  formats[key] ??= new Intl.DateTimeFormat('en-GB', {timeZone: stage.timezone, ...options});
  return formats[key].format(at);
}
const hour = (at) => when(at, {hour: '2-digit', minute: '2-digit'});
const day = (at) => when(at, {weekday: 'short', day: 'numeric', month: 'short', year: 'numeric'});
const shortDay = (at) => when(at, {day: 'numeric', month: 'short'});

function showNow(at) {
  if (!stage) return;
  stage.now = at;
  $('#now').textContent = day(at) + ', ' + hour(at);
  const iso = when(at, {year: 'numeric', month: '2-digit', day: '2-digit'}).split('/').reverse().join('-');
  $('#until input').min = iso + 'T' + hour(at);
}

async function move(to) {
  const controls = $('#clock').querySelectorAll('button');
  $('#clock-error').textContent = '';
  $('#now').textContent = words.moving;
  controls.forEach((control) => { control.disabled = true; });
  try {
    stage.now = (await ask('clock', {move: to})).now;
    $('#until').open = false;
  } catch (error) {
    $('#clock-error').textContent = error.message;
  }
  controls.forEach((control) => { control.disabled = false; });
  showNow(stage.now);
}

// --- the list of groups --------------------------------------------------------------------------------------------------

function count(badge, number) {
  badge.hidden = !number;
  badge.textContent = number > 99 ? '99+' : number;
  badge.setAttribute('aria-label', number + ' ' + words.unread);
}
const unread = (chat) => Math.max(chat.last - (seen[chat.id] ?? 0), 0);

function listGroups() {
  if (open !== null) seen[open] = chats.get(open).last;
  localStorage.setItem('seen', JSON.stringify(seen));
  const all = [...chats.values()];
  const own = all.filter((chat) => chat.private_to === me);
  const others = all.filter((chat) => chat.private_to && chat.private_to !== me);
  others.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  list('#public', all.filter((chat) => !chat.private_to));
  list('#mine', own);
  list('#private', others);
  const sum = (some) => some.reduce((total, chat) => total + unread(chat), 0);
  count($('#drawer .count'), sum(all));
  count($('nav summary .count'), sum(others));
}

// rows are kept from one listing to the next, so that the keyboard's focus stays where it was
const rows = new Map();
function list(selector, some) {
  const items = some.map((chat) => {
    if (!rows.has(chat.id)) {
      const row = $('#group-row').content.firstElementChild.cloneNode(true);
      row.firstElementChild.onclick = () => { drawer(false); enter(chat.id, true); };
      rows.set(chat.id, row);
    }
    const row = rows.get(chat.id);
    $('.name', row).textContent = chat.title;
    $('time', row).textContent = !chat.at ? '' : day(chat.at) === day(stage.now) ? hour(chat.at) : shortDay(chat.at);
    $('.snippet', row).textContent = chat.at ? chat.by + ': ' + (chat.snippet || '…') : '';
    $('button', row).setAttribute('aria-current', chat.id === open);
    count($('.count', row), unread(chat));
    return row;
  });
  const place = $(selector);
  if (items.length !== place.children.length || items.some((row, at) => place.children[at] !== row)) {
    place.replaceChildren(...items);
  }
}

function drawer(wanted) {
  document.body.classList.toggle('drawer', wanted);
  $('#drawer').setAttribute('aria-expanded', wanted);
  if (wanted) $('nav [aria-current=true]')?.focus();
}

// --- one group -----------------------------------------------------------------------------------------------------------

async function enter(id, byHand) {
  const changed = id !== open || !shown.size;
  open = id;
  sessionStorage.setItem('open', id);
  const chat = chats.get(id);
  $('#title h2').textContent = chat.title;
  $('#title p').textContent = chat.private_to ? words.private : words.members + ' ' + chat.seats.length;
  const readOnly = chat.kind === 'mirror';
  $('#read-only').hidden = !readOnly;
  $('#box').hidden = readOnly;
  if (!readOnly) seat(chat);
  showDraft();
  if (changed) {
    clear();
    $('#empty').hidden = $('#earlier').hidden = true;
  }
  listGroups();
  $('#messages').setAttribute('aria-busy', changed); // a screen reader reads what is new, not a whole history
  await fetchMessages(id);
  $('#messages').setAttribute('aria-busy', false);
  if (changed) $('#scroll').scrollTop = $('#scroll').scrollHeight;
  if (byHand && !readOnly && matchMedia('(hover: hover)').matches) $('#text').focus();
}

function clear() {
  $('#messages').replaceChildren();
  shown = new Map();
}

async function fetchMessages(id, before) {
  let page;
  try {
    page = await ask('messages?chat=' + encodeURIComponent(id) + (before ? '&before=' + before : ''));
  } catch (error) {
    complain(error.message);
    return;
  }
  if (id !== open) return; // another group was chosen meanwhile
  const newest = Math.max(0, ...[...shown.keys()].map(Number));
  if (!before && shown.size && Number(page.messages[0]?.id) > newest + 1) clear(); // too much was missed: no gap
  if (before || !shown.size) $('#earlier').hidden = !page.earlier;
  page.messages.forEach(show);
  $('#empty').hidden = shown.size > 0;
}

// who may speak here: those who sit here; the one who spoke here last, else the present speaker, else the first
function seat(chat) {
  const seated = chat.seats.map((place) => stage.people[place]);
  const choices = seated.map((person) => new Option(person.name + ', ' + roleOf(person), person.id));
  if (!choices.length) choices.push(new Option(words.nobody, ''));
  $('#me').replaceChildren(...choices);
  const wanted = [speakers[chat.id], me].find((id) => seated.some((person) => person.id === id));
  speak(wanted ?? seated[0]?.id ?? me);
}

function speak(id) {
  me = id;
  $('#me').value = id;
  for (const message of shown.values()) showActs(message);
}

function roleOf({role, ward, of}) {
  return [role.replaceAll('_', ' '), ward || of].filter(Boolean).join(', ');
}

// --- the box -------------------------------------------------------------------------------------------------------------

const draft = () => (drafts[open] ??= {text: ''});

function keep() {
  draft().text = $('#text').value;
  sessionStorage.setItem('drafts', JSON.stringify(drafts));
  const box = $('#text');
  box.style.height = 'auto';
  box.style.height = Math.min(box.scrollHeight + 2, innerHeight / 3) + 'px';
}

function showDraft() {
  const {text, reply, edit} = draft();
  if ($('#text').value !== text) $('#text').value = text;
  $('#error').textContent = '';
  $('#context').hidden = !reply && !edit;
  $('#context span').textContent = edit ? words.editing : reply ? words.replying + ' ' + reply.name + ': ' + reply.text : '';
  keep();
}

function reply({id, name, text}) {
  Object.assign(draft(), {reply: {id, name, text: (text || words.photo).slice(0, 120)}, edit: null});
  showDraft();
  $('#text').focus();
}

function edit({id, text}) {
  if (!draft().edit) draft().before = draft().text;
  Object.assign(draft(), {text: text, edit: id, reply: null});
  showDraft();
  $('#text').focus();
}

function letGo() {
  const {edit, before, text} = draft();
  drafts[open] = {text: edit ? before ?? '' : text};
  showDraft();
  $('#text').focus();
}

async function send() {
  if (sending) return;
  const chat = open;
  const {text, reply, edit, before} = draft();
  const body = edit ? {message_id: edit, text}
    : {text, reply_to: reply?.id ?? null, forwarded: $('#forwarded').checked, photo: $('#photo').checked,
      pin: $('#pin').checked};
  sending = $('#send').disabled = true;
  const done = await act(edit ? 'edit' : 'post', body);
  sending = $('#send').disabled = false;
  if (!done) return;
  speakers[chat] = me;
  sessionStorage.setItem('speakers', JSON.stringify(speakers));
  // what was typed while the message was on its way stays
  if (drafts[chat].text === text) drafts[chat] = {text: edit ? before ?? '' : ''};
  $('#forwarded').checked = $('#photo').checked = $('#pin').checked = false;
  if (chat === open) showDraft();
  $('#scroll').scrollTop = $('#scroll').scrollHeight;
}

// --- hands ---------------------------------------------------------------------------------------------------------------

$('#text').oninput = keep;
$('#text').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
  if (event.key === 'Escape') letGo();
};
$('#box').onsubmit = (event) => { event.preventDefault(); send(); };
$('#context button').onclick = letGo;
$('#form').onclick = () => {
  const box = $('#text');
  box.value = (box.value.trim() ? box.value.trimEnd() + '\n' : '') + stage.form;
  keep();
  box.focus();
};
$('#me').onchange = () => {
  speakers[open] = $('#me').value;
  sessionStorage.setItem('speakers', JSON.stringify(speakers));
  speak($('#me').value);
  listGroups();
};
$('#messages').onclick = ({target}) => {
  const button = target.closest('.acts button');
  if (!button) return;
  const message = shown.get(button.closest('li').dataset.id);
  const mine = message.reactions?.[button.dataset.emoji]?.[me];
  if (button.dataset.emoji) act('react', {message_id: message.id, emoji: mine ? '' : button.dataset.emoji});
  else if (button.dataset.act === 'reply') reply(message);
  else if (button.dataset.act === 'edit') edit(message);
  else act('delete', {message_id: message.id});
};
$('#earlier').onclick = async () => {
  const scroll = $('#scroll');
  const fromEnd = scroll.scrollHeight - scroll.scrollTop;
  await fetchMessages(open, Math.min(...[...shown.keys()].map(Number)));
  scroll.scrollTop = scroll.scrollHeight - fromEnd;
};
$('#drawer').onclick = () => drawer(!document.body.classList.contains('drawer'));
document.onkeydown = (event) => {
  if (event.key !== 'Escape' || !document.body.classList.contains('drawer')) return;
  drawer(false);
  $('#drawer').focus();
};
$('#clock').onclick = ({target}) => { if (target.dataset.move) move(target.dataset.move); };
$('#until form').onsubmit = (event) => { event.preventDefault(); move($('#until input').value); };

listen();
