// Arguments: URL, PEM of the server's authority, and a PEM with the certificates and the key, or nothing.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const [url, authority, identity] = process.argv.slice(2);
const pem = identity && readFileSync(identity);
request(url, { ca: readFileSync(authority), cert: pem, key: pem, agent: false }, response => {
  console.log(`HTTP ${response.statusCode}`);
  response.resume();
}).on('error', error => {
  console.log(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}).end();
