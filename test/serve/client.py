"""A bot beside depthwalker: python3 client.py npx depthwalker serve --simulate --db bot.db"""
import json, os, subprocess, sys

class Engine:
    def __init__(self, command, cursor="bot.cursor"):
        self.process = subprocess.Popen(command, stdin=-1, stdout=-1, text=True)
        self.cursor, self.count, self.updates = cursor, 0, []
        after = int(open(cursor).read() or 0) if os.path.exists(cursor) else 0
        self.ask("hello", after=after)

    def read(self):
        line = json.loads(self.process.stdout.readline())
        self.updates += [line] if "sequence" in line else []
        return line

    def ask(self, type, **fields):
        self.count += 1
        request = {"id": self.count, "type": type, **fields}
        print(json.dumps(request), file=self.process.stdin, flush=True)
        while (line := self.read()).get("id") != self.count: pass
        return line["result"] if line["ok"] else sys.exit(str(line["error"]))

    def next(self):
        while not self.updates: self.read()
        return self.updates.pop(0)

    def worked_up(self, update):  # whatever is not comes again after a restart
        with open(self.cursor, "w") as file: file.write(str(update["sequence"]))

engine = Engine(sys.argv[1:])
engine.ask("signal", signal={"signalId": "edge-1", "market": "SIM-LIQUID-1", "outcome": "yes",
                             "action": "buy", "quantity": "20", "limitPrice": "0.90"})
while (update := engine.next())["type"] != "ended":
    engine.worked_up(update)
print(update["sequence"], update["result"]["outcome"], update["result"]["filledQuantity"])
engine.ask("halt", reason="enough for today")
