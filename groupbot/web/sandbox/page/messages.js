'use strict';
// How messages are shown. People's words are only ever set as textContent. State and helpers are in sandbox.js.

const rowOf = (id) => $('#messages').querySelector('[data-id="' + CSS.escape(id) + '"]');

function show(message) {
  if (shown.get(message.id)?.v > message.v) return; // an answer that was overtaken by the stream
  const scroll = $('#scroll');
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  let row = rowOf(message.id);
  if (!row) {
    row = $('#message-row').content.firstElementChild.cloneNode(true);
    row.dataset.id = message.id;
    row.dataset.at = message.at;
    const later = [...$('#messages').children].findLast((other) => Number(other.dataset.id) < Number(message.id));
    if (later) later.after(row); else $('#messages').prepend(row);
  }
  shown.set(message.id, message);
  $('#empty').hidden = true;
  fill(row, message);
  for (const other of shown.values()) {
    if (other.reply_to === message.id) fillQuote($('.quote', rowOf(other.id)), message.id);
  }
  showDays(row);
  showActs(message);
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
}

function fill(row, message) {
  const article = $('article', row);
  article.className = message.bot ? 'bot' : '';
  $('.who b', row).textContent = message.name;
  $('.role', row).textContent = message.bot ? '' : roleOf(message);
  $('.who time', row).textContent = hour(message.at);
  $('.pinned', row).hidden = !message.pinned;
  $('.forwarded', row).hidden = !message.forwarded;
  $('.deleted', row).hidden = !message.deleted;
  put($('.text', row), message.text);
  fillPicture(row, message);
  put($('.files', row), (message.files ?? []).map((file) => (file.kind === 'location' ? '📍 ' : '🖼 ') + (file.name || file.kind)).join(' '));
  fillQuote($('.quote', row), message.reply_to);
  fillOlds($('.olds', row), message.olds ?? []);
  fillButtons($('.buttons', row), message);
  fillReactions($('.reactions', row), message.reactions ?? {});
}

function put(place, text) {
  place.textContent = text ?? '';
  place.hidden = !text;
}

function fillPicture(row, message) {
  const picture = message.picture, there = $('.picture', row);
  if (!picture) there?.remove();
  if (!picture || there) return; // it is never another one
  const link = $('#message-picture').content.firstElementChild.cloneNode(true);
  link.href = '/api/picture?' + new URLSearchParams({chat: open, message: message.id});
  Object.assign($('img', link), {src: link.href, alt: picture.alt, width: picture.width, height: picture.height});
  $('.text', row).before(link);
}

function fillQuote(quote, id) {
  quote.hidden = !id;
  if (!id) return;
  const original = shown.get(id);
  $('b', quote).textContent = original?.name ?? '';
  $('span', quote).textContent = !original ? words.earlier : original.deleted ? words.deleted : original.text || words.photo;
  quote.onclick = () => {
    const row = rowOf(id);
    if (!row) return;
    row.scrollIntoView({block: 'center'});
    row.classList.remove('pointed');
    void row.offsetWidth; // begins the animation anew
    row.classList.add('pointed');
  };
}

function fillOlds(details, olds) {
  details.hidden = !olds.length;
  $('ol', details).replaceChildren(...olds.map((text) => element('li', text)));
}

function fillButtons(place, message) {
  const buttons = (message.buttons ?? []).map(([label, token]) => {
    const button = element('button', label);
    button.type = 'button';
    button.onclick = token === 'copy'
      ? () => navigator.clipboard.writeText(message.text)
      : () => act('tap', {message_id: message.id, token});
    return button;
  });
  place.hidden = !buttons.length;
  place.replaceChildren(...buttons);
}

function fillReactions(place, reactions) {
  const marks = Object.entries(reactions).map(([emoji, people]) => {
    const names = Object.values(people);
    const mark = element('span', emoji + (names.length > 1 ? ' ' + names.length : ''));
    mark.title = names.join(', ');
    mark.setAttribute('aria-label', emoji + ' ' + mark.title);
    mark.setAttribute('role', 'img');
    return mark;
  });
  place.hidden = !marks.length;
  place.replaceChildren(...marks);
}

function showDays(row) {
  for (const each of [row, row.nextElementSibling]) {
    if (!each) continue;
    const before = each.previousElementSibling;
    const own = day(Number(each.dataset.at));
    put($('.day', each), before && day(Number(before.dataset.at)) === own ? '' : own);
  }
}

function showActs(message) {
  const row = rowOf(message.id);
  if (!row) return;
  const own = message.by === me;
  $('article', row).classList.toggle('own', own);
  $('.acts', row).hidden = Boolean(message.deleted) || $('#box').hidden;
  $('[data-act=edit]', row).hidden = $('[data-act=delete]', row).hidden = !own;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
