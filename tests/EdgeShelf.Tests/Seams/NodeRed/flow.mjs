// Runs functions of a Node-RED flow as Node-RED does: `node flow.mjs FLOWS.json`, with [{"function": ID, "msg": …}, …] on standard input. Prints an
// array with what each function returned. The context of a function and that of the flow last from message to message. Reading a field that a
// document does not have ends it with an error.
import { readFileSync } from 'node:fs';

const nodes = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const steps = JSON.parse(readFileSync(0, 'utf8'));

const contextOf = () => {
  const values = new Map();
  return { get: key => values.get(key), set: (key, value) => void values.set(key, value) };
};
const contexts = new Map(nodes.map(node => [node.id, contextOf()]));
const flow = contextOf();

const strict = (value, path) => value === null || typeof value !== 'object' ? value : new Proxy(value, {
  get(target, key) {
    if (typeof key === 'symbol' || key in target || key === 'toJSON') {
      const found = Reflect.get(target, key);
      return typeof found === 'function' ? found : strict(found, `${path}.${String(key)}`);
    }
    throw new Error(`${path}.${key} is not in the document.`);
  },
});

const answers = steps.map(({ function: id, msg }) => {
  const node = nodes.find(candidate => candidate.type === 'function' && candidate.id === id);
  const run = new Function('msg', 'context', 'flow', node.func);
  return run({ ...msg, payload: strict(msg.payload, msg.topic) }, contexts.get(id), flow) ?? null;
});
process.stdout.write(JSON.stringify(answers));
