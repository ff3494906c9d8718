// The OpenAPI document is sound, and what the server really answers is what it says. Takes the program from CVSTROOM_PROGRAM.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { load } from 'js-yaml';

const program = process.env.CVSTROOM_PROGRAM;
const base = '/services/openservices/v1';
const seedId = '30dbfef1-59df-4521-a111-964bf0208e68';
const folder = mkdtempSync(join(tmpdir(), 'cvstroom-openapi-'));

let server;
let ports;
let description;
let ajv;

function start() {
  const arguments_ = ['sandbox', '--folder', folder, '--cvs', '300', '--rate', '0', '--listen', '127.0.0.1:0', '--administration', '127.0.0.1:0'];
  const prepared = spawnSync(program, [...arguments_, '--prepare'], { encoding: 'utf8' });
  assert.equal(prepared.status, 0, prepared.stderr);
  server = spawn(program, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    server.on('exit', (code) => reject(new Error(`the server stopped with ${code}: ${text}`)));
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const partner = /up on https:\/\/localhost:(\d+)/.exec(text);
      const administration = /https:\/\/localhost:(\d+)\/beheer/.exec(text);
      if (partner && administration && text.includes('Ctrl-C')) resolve({ partner: partner[1], administration: administration[1] });
    });
  });
}

function call(method, path, { port = ports.partner, key = 'partner', body, headers = {} } = {}) {
  const all = { Accept: 'application/json', ...headers };
  if (key) all['X-IBM-Client-Id'] = readFileSync(join(folder, `${key}.key`), 'utf8').trim();
  if (body) all['Content-Type'] ??= 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers: all, servername: 'localhost',
      ca: readFileSync(join(folder, 'certificate.pem')) }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

// The schema that the document gives for an answer; `default` where it names no status.
function pointerTo(path, method, status, type) {
  const escape = (text) => text.replaceAll('~', '~0').replaceAll('/', '~1');
  const responses = description.paths[path][method].responses;
  const name = status in responses ? String(status) : 'default';
  let pointer = `/paths/${escape(path)}/${method}/responses/${name}`;
  if (responses[name].$ref) pointer = responses[name].$ref.slice(1);
  const response = pointer.split('/').slice(1).reduce((node, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], description);
  assert.ok(response.content?.[type]?.schema, `${method} ${path} ${status}: the document does not know ${type}`);
  return `openapi#${pointer}/content/${escape(type)}/schema`;
}

function check(answer, path, method, status) {
  assert.equal(answer.status, status, answer.text);
  const type = answer.headers['content-type'];
  const validate = ajv.compile({ $ref: pointerTo(path, method, status, type) });
  assert.ok(validate(JSON.parse(answer.text)), `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}\n${answer.text.slice(0, 2000)}`);
  assert.match(answer.headers['belgov-trace-id'], /^[0-9a-f-]{36}$/);
  return JSON.parse(answer.text);
}

before(async () => {
  ports = await start();
  description = load((await call('GET', `${base}/doc/openapi.yaml`, { key: null })).text);
  ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(description, 'openapi');
});

after(async () => {
  server.removeAllListeners('exit');
  const ended = server.exitCode === null ? new Promise((resolve) => server.once('exit', resolve)) : server.exitCode;
  server.kill('SIGTERM');
  const code = await ended;  // it saves its index on the way out: before that its folder cannot be removed
  rmSync(folder, { recursive: true, force: true });
  assert.equal(code, 0, 'the server ends well');
});

test('the document is valid OpenAPI 3.0', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(description));
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.equal(validator.version, '3.0');
});

test('the example of the description answers with its seven, newest first', async () => {
  const found = check(await call('GET', `${base}/kandidaten?studies=MAE5AHH&gewensteRegios=BE231A`), '/kandidaten', 'get', 200);
  assert.deepEqual(found, { aantal: 7, resultaten: [
    '0f263a0e-cd00-4325-8ce3-4163740c101d', 'e67fe67c-1e06-4bfb-aa13-4c7532938100', '9cd21b39-92e5-451e-990d-58029ece4e67',
    '30966b99-ed6d-40d3-be16-053c6d040327', '0d3c13b1-b7f8-4dc1-9728-339d555a9048', 'cb60cf85-1380-4a5a-adae-0b7bc6160661',
    'd2e6e03f-1acd-4d03-a44a-5b735343eb9b'].map((cvId) => ({ cvId })) });
});

test('search, with members and with faults', async () => {
  check(await call('GET', `${base}/kandidaten?talen=N:2&aantal=200&velden=status,competenties.code,natuurlijkPersoon`), '/kandidaten', 'get', 200);
  const explained = check(await call('GET', `${base}/kandidaten?trefwoord=logistiek&postcode=9300&straal=80&talen=N:2&onbekend=mee&uitleg=true&sorteerveld=AFSTAND`
    + '&facetten=talen,gewensteRegios,eigenWagen,studies,softSkills&advies=true'), '/kandidaten', 'get', 200);
  assert.ok(explained.aantal > 0 && explained.resultaten[0].uitleg.length > 1 && explained.facetten.length === 5);
  check(await call('GET', `${base}/kandidaten?trefwoord=logist&sorteerveld=RELEVANTIE`), '/kandidaten', 'get', 200);
  const refused = check(await call('GET', `${base}/kandidaten?talen=Q&vanaf=x&geslacht=M`), '/kandidaten', 'get', 400);
  assert.equal(refused.issues.length, 3);
  check(await call('GET', `${base}/kandidaten`, { key: null }), '/kandidaten', 'get', 401);
  check(await call('GET', `${base}/kandidaten`, { key: 'administration' }), '/kandidaten', 'get', 403);
  check(await call('PATCH', `${base}/kandidaten`), '/kandidaten', 'get', 405);
});

test('every document of a search is as described', async () => {
  const found = check(await call('GET', `${base}/kandidaten?aantal=200`), '/kandidaten', 'get', 200);
  for (const { cvId } of found.resultaten.slice(0, 50)) check(await call('GET', `${base}/kandidaten/${cvId}`), '/kandidaten/{id}', 'get', 200);
  const many = check(await call('POST', `${base}/kandidaten`, { body: JSON.stringify({ cvIds: found.resultaten.map((row) => row.cvId) }) }), '/kandidaten', 'post', 200);
  assert.ok(many.resultaten.every((row) => row.resultaat === 'GEVONDEN'));
  check(await call('GET', `${base}/kandidaten/x`), '/kandidaten/{id}', 'get', 400);
  check(await call('GET', `${base}/kandidaten/00000000-0000-4000-8000-000000000000`), '/kandidaten/{id}', 'get', 404);
});

test('bulk: pages, cursors and faults', async () => {
  const first = check(await call('GET', `${base}/kandidaten/bulk?aantal=100`), '/kandidaten/bulk', 'get', 200);
  assert.equal(first.aantal, 308);
  assert.equal(first.laatste, false);
  check(await call('GET', `${base}/kandidaten/bulk?vervolg=${first.vervolg}`), '/kandidaten/bulk', 'get', 200);
  check(await call('GET', `${base}/kandidaten/bulk?van=2020-01-01T00:00:00Z&tot=${first.tot}`), '/kandidaten/bulk', 'get', 200);
  check(await call('GET', `${base}/kandidaten/bulk?van=gisteren`), '/kandidaten/bulk', 'get', 400);
});

test('a person asks what is held of it, and to be erased', async () => {
  const provider = { port: ports.administration, key: 'administration' };
  const path = '/beheer/v1/personen/{id}';
  const id = 'cb60cf85-1380-4a5a-adae-0b7bc6160661';
  await call('GET', `${base}/kandidaten/${id}`);
  const held = check(await call('GET', `/beheer/v1/personen/${id}`, provider), path, 'get', 200);
  assert.ok(held.ontvangen.some((row) => row.aanvraag === 'detail' && row.velden === '*'));
  assert.equal(held.cv.cvId, id);
  check(await call('GET', '/beheer/v1/personen/x', provider), path, 'get', 400);
  check(await call('GET', '/beheer/v1/personen/00000000-0000-4000-8000-000000000000', provider), path, 'get', 404);
  check(await call('GET', `/beheer/v1/personen/${id}`, { ...provider, key: null }), path, 'get', 401);
  const other = JSON.parse((await call('GET', `${base}/kandidaten?aantal=1&vanaf=20`)).text).resultaten[0].cvId;
  check(await call('DELETE', `/beheer/v1/personen/${other}`, provider), path, 'delete', 200);
  const erased = check(await call('GET', `/beheer/v1/personen/${other}`, provider), path, 'get', 200);
  assert.equal(erased.cv, undefined);
});

test('health needs no key', async () => {
  const health = check(await call('GET', '/health', { port: ports.administration, key: null }), '/health', 'get', 200);
  assert.equal(health.status, 'UP');
});

test('the reference API: every list, by keyword and whole', async () => {
  const found = check(await call('GET', '/services/openservices/v2/diplomas?trefwoord=Handelsingenieur'), '/diplomas', 'get', 200);
  assert.equal(found.length, 10);
  assert.equal(found[1].code, 'MAE5AHH');
  check(await call('GET', '/services/openservices/v2/diplomas?zoek=x'), '/diplomas', 'get', 400);
  for (const list of description.paths['/{lijst}'].parameters[0].schema.enum) {
    assert.ok(check(await call('GET', `${base}/${list}`), '/{lijst}', 'get', 200).length > 0, list);
  }
});

test('a partner is admitted, gets a key, and its history tells it', async () => {
  const provider = { port: ports.administration, key: 'administration' };
  const admit = (path, body, method = 'POST') => call(method, `/beheer/v1${path}`, { ...provider, body: JSON.stringify(body) });
  check(await admit('/partners', { naam: 'Quavelo' }), '/beheer/v1/partners', 'post', 201);
  check(await admit('/partners', { naam: 'quavelo' }), '/beheer/v1/partners', 'post', 409);
  const steps = '/beheer/v1/partners/{naam}/stappen';
  check(await admit('/partners/Quavelo/stappen', { stap: 'activering' }), steps, 'post', 409);
  check(await admit('/partners/Quavelo/stappen', { stap: 'goedkeuring' }), steps, 'post', 200);
  check(await admit('/partners/Quavelo/stappen', { stap: 'contract', contract: { referentie: 'C', datum: '2026-02-13', ondertekenaar: 'Bo' } }), steps, 'post', 200);
  check(await admit('/partners/Quavelo/stappen', { stap: 'activering' }), steps, 'post', 200);
  check(await admit('/partners/Quavelo/abonnementen/cv', { plan: 'anoniem' }, 'PUT'), '/beheer/v1/partners/{naam}/abonnementen/{product}', 'put', 200);
  const { prefix } = check(await admit('/partners/Quavelo/sleutels', {}), '/beheer/v1/partners/{naam}/sleutels', 'post', 201);
  check(await admit(`/sleutels/${prefix}/vervanging`, {}), '/beheer/v1/sleutels/{prefix}/vervanging', 'post', 201);
  const keys = check(await call('GET', '/beheer/v1/sleutels', provider), '/beheer/v1/sleutels', 'get', 200);
  assert.match(keys.resultaten.find((key) => key.prefix === prefix).uitgereiktDoor, /Sandbox provider/);
  check(await call('GET', '/beheer/v1/partners', provider), '/beheer/v1/partners', 'get', 200);
  check(await call('GET', '/beheer/v1/partners/Quavelo', provider), '/beheer/v1/partners/{naam}', 'get', 200);
  const history = check(await call('GET', '/beheer/v1/partners/Quavelo/geschiedenis', provider), '/beheer/v1/partners/{naam}/geschiedenis', 'get', 200);
  assert.equal(history.aantal, 7);
  check(await call('GET', '/beheer/v1/partners/Quavelo/gebruik', provider), '/beheer/v1/partners/{naam}/gebruik', 'get', 200);
  check(await call('GET', '/beheer/v1/partners/Niemand/gebruik', provider), '/beheer/v1/partners/{naam}/gebruik', 'get', 404);
});

test('bulk: streams, controle and receipts', async () => {
  const stream = await call('GET', `${base}/kandidaten/bulk?velden=*&gewensteRegios=BE23`, { headers: { Accept: 'application/x-ndjson' } });
  assert.equal(stream.status, 200);
  const validate = ajv.compile({ $ref: pointerTo('/kandidaten/bulk', 'get', 200, 'application/x-ndjson') });
  const lines = stream.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  for (const line of lines) assert.ok(validate(line), `${ajv.errorsText(validate.errors)}\n${JSON.stringify(line).slice(0, 2000)}`);
  const vervolg = lines.at(-1).vervolg;
  check(await call('GET', `${base}/kandidaten/bulk/controle`), '/kandidaten/bulk/controle', 'get', 200);
  check(await call('GET', `${base}/kandidaten/bulk/controle?voorvoegsel=0`), '/kandidaten/bulk/controle', 'get', 200);
  check(await call('GET', `${base}/kandidaten/bulk/controle?voorvoegsel=q`), '/kandidaten/bulk/controle', 'get', 400);
  assert.equal((await call('POST', `${base}/kandidaten/bulk/ontvangst`, { body: JSON.stringify({ vervolg }) })).status, 204);
  check(await call('POST', `${base}/kandidaten/bulk/ontvangst`, { body: '{}' }), '/kandidaten/bulk/ontvangst', 'post', 400);
  const provider = { port: ports.administration, key: 'administration' };
  check(await call('GET', '/beheer/v1/ontvangsten', provider), '/beheer/v1/ontvangsten', 'get', 200);
  const lists = '/beheer/v1/lijsten/{lijst}';
  const attesten = '/beheer/v1/lijsten/attesten';
  const file = 'code\tlabel_nl\n1\tEen\n';
  check(await call('PUT', `${attesten}?proef=true`, { ...provider, body: file }), lists, 'put', 200);
  check(await call('PUT', attesten, { ...provider, body: 'code\n' }), lists, 'put', 400);
  check(await call('GET', attesten, provider), lists, 'get', 200);
  check(await call('DELETE', `${attesten}?proef=true`, provider), lists, 'delete', 200);
  check(await call('DELETE', `${attesten}?dwang=true`, provider), lists, 'delete', 400);
});

test('the sandbox misbehaves on request, and checks a client', async () => {
  const faults = '/sandbox/v1/storingen';
  const kinds = description.components.schemas.Storing.properties.soort.enum;
  const body = JSON.stringify({ storingen: kinds.filter((kind) => kind !== 'fout').map((soort) => ({ soort, zaad: 1, duur: 60 })) });
  check(await call('PUT', faults, { body }), faults, 'put', 200);
  await call('GET', `${base}/kandidaten/bulk`);
  const on = check(await call('GET', faults), faults, 'get', 200);
  assert.equal(on.storingen.length, kinds.length - 1);
  const refused = check(await call('PUT', faults, { body: '{"storingen":[{"soort":"regen"}]}' }), faults, 'put', 400);
  for (const kind of kinds) assert.match(refused.issues[0].detail, new RegExp(kind));
  assert.equal((await call('DELETE', faults)).status, 204);
  const controle = '/sandbox/v1/controle';
  const found = check(await call('POST', controle, { body: JSON.stringify({ cvs: [{ cvId: seedId, versie: 99 }] }) }), controle, 'post', 200);
  assert.equal(found.gelijk, false);
  assert.ok(found.bevindingen.some((finding) => finding.soort === 'onbekendeVersie'));
  check(await call('POST', `${controle}?tot=gisteren`, { body: '{"cvs":[]}' }), controle, 'post', 400);
});

test('the provider stores, loads, guards and erases', async () => {
  const provider = { port: ports.administration, key: 'administration' };
  const path = `/beheer/v1/kandidaten/${seedId}`;
  const stored = JSON.parse(check2(await call('GET', path, provider)));
  stored.iklId = 5;
  const put = check(await call('PUT', path, { ...provider, body: JSON.stringify(stored) }), '/beheer/v1/kandidaten/{id}', 'put', 200);
  assert.equal(put.resultaat, 'GEWIJZIGD');
  check(await call('PUT', path, { ...provider, body: JSON.stringify(stored), headers: { 'If-Match': '"1"' } }), '/beheer/v1/kandidaten/{id}', 'put', 412);
  check(await call('PUT', path, { ...provider, body: '{}' }), '/beheer/v1/kandidaten/{id}', 'put', 400);
  const fresh = { cvId: '00000000-0000-4000-8000-000000000001', status: 'OPEN', wijzigingsDatum: '2026-02-13' };
  check(await call('PUT', `/beheer/v1/kandidaten/${fresh.cvId}`, { ...provider, body: JSON.stringify(fresh) }), '/beheer/v1/kandidaten/{id}', 'put', 201);
  check(await call('DELETE', path, provider), '/beheer/v1/kandidaten/{id}', 'delete', 200);
  check(await call('GET', path, provider), '/beheer/v1/kandidaten/{id}', 'get', 200);
  check(await call('GET', `${base}/kandidaten/${seedId}`), '/kandidaten/{id}', 'get', 200);
  const loaded = await call('POST', '/beheer/v1/kandidaten', { ...provider, body: `${JSON.stringify(fresh)}\n{}\n`, headers: { 'Content-Type': 'application/x-ndjson' } });
  assert.equal(loaded.status, 200);
  assert.deepEqual(loaded.text.trim().split('\n').map((line) => JSON.parse(line).resultaat), ['ONGEWIJZIGD', 'GEWEIGERD', undefined]);

  function check2(answer) {
    check(answer, '/beheer/v1/kandidaten/{id}', 'get', 200);
    return answer.text;
  }
});
