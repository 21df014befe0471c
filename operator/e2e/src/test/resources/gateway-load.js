// Reads media through the gateway as docs/offload.md says that an app does, for SECONDS, and tells what went wrong.
const { createHmac, createHash } = require('crypto')
const https = require('https')

const agent = new https.Agent({ keepAlive: true })

function signed(path) {
  const expires = Math.floor(Date.now() / 1000) + 3600
  const signature = createHmac('sha256', process.env.MEDIA_SIGNING_KEY).update(`${path}\n${expires}`).digest('base64url')
  return `${process.env.MEDIA_URL}/${path.split('/').map(encodeURIComponent).join('/')}?expires=${expires}&signature=${signature}`
}

function ask(url, method = 'GET', headers = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, agent, timeout: 30000 }, (response) => {
      const hash = createHash('sha256')
      let bytes = 0
      response.on('data', (piece) => { hash.update(piece); bytes += piece.length })
      response.on('error', reject)
      response.on('end', () => resolve({
        status: response.statusCode,
        etag: response.headers.etag,
        range: response.headers['content-range'],
        length: response.headers['content-length'],
        bytes,
        sha256: hash.digest('hex'),
      }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer in 30 s')))
    request.on('error', reject)
    request.end()
  })
}

async function round(path, first, bad) {
  const whole = await ask(signed(path))
  first[path] ??= whole
  const size = Number(whole.length)
  const expect = (what, answer, right) => { if (!right) bad.push({ path, what, answer }) }
  expect('whole', whole, whole.status === 200 && whole.bytes === size)
  expect('as before', whole, whole.sha256 === first[path].sha256 && whole.etag === first[path].etag)
  const head = await ask(signed(path), 'HEAD')
  expect('head', head, head.status === 200 && head.etag === whole.etag && head.length === whole.length)
  const range = await ask(signed(path), 'GET', { range: 'bytes=-8', 'if-range': whole.etag })
  expect('range', range, range.status === 206 && range.bytes === 8 && range.range === `bytes ${size - 8}-${size - 1}/${size}`)
  const known = await ask(signed(path), 'GET', { 'if-none-match': whole.etag })
  expect('known', known, known.status === 304)
  const beyond = await ask(signed(path), 'GET', { range: `bytes=${size}-` })
  expect('beyond', beyond, beyond.status === 416 && beyond.range === `bytes */${size}`)
  const unsigned = await ask(signed(path).split('?')[0])
  expect('unsigned', unsigned, unsigned.status === 403)
}

async function main() {
  const [seconds, ...paths] = process.argv.slice(1)
  const end = Date.now() + 1000 * Number(seconds)
  const first = {}
  const bad = []
  let rounds = 0
  do {
    for (const path of paths) {
      await round(path, first, bad).catch((failed) => bad.push({ path, what: String(failed) }))
    }
    rounds++
  } while (Date.now() < end)
  const files = Object.fromEntries(Object.entries(first).map(([path, it]) => [path, { sha256: it.sha256, etag: it.etag }]))
  console.log(JSON.stringify({ rounds, bad: bad.slice(0, 10), files }))
}

main().then(() => process.exit(0))
