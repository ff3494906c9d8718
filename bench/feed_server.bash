# What the benchmarks of the feed share: a server with generated CVs. Sourced; expects $cvs.
program=build/release/cvstroom
port=9643 administration=9644
work=$(mktemp -d)
cleanup() {
  [ -z "${clients:-}" ] || kill "$clients" 2>/dev/null || true
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

scripts/setup build bench
cmake --preset release >/dev/null
cmake --build --preset release --target cvstroom
ulimit -n 20000

echo "machine: $(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo)"
"$program" generate --count "$cvs" --output "$work/cvs.ndjson" 2>/dev/null
"$program" import --database "$work/cv.db" "$work/cvs.ndjson" >/dev/null 2>&1
bytes=$(stat -c %s "$work/cvs.ndjson")
rm "$work/cvs.ndjson"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
key=$("$program" key issue --database "$work/cv.db" --partner bench --sandbox 2>/dev/null)
"$program" serve --database "$work/cv.db" --certificate "$work/certificate.pem" --private-key "$work/key.pem" \
  --listen 127.0.0.1:$port --administration 127.0.0.1:$administration 2>"$work/log" &
server=$!
until grep -q 'serving partners' "$work/log"; do sleep 0.05; done

api=https://localhost:$port/services/openservices/v1
fetch() { curl -s --cacert "$work/certificate.pem" -H "X-IBM-Client-Id: $key" "$@"; }
anonymous() { awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$server/status"; }
