#include "mirror/sink.hpp"

#include "mirror/ndjson/ndjson_sink.hpp"
#include "mirror/postgres/postgres_sink.hpp"
#include "mirror/sqlite/sqlite_sink.hpp"

namespace cvstroom::mirror {

Result<std::unique_ptr<Sink>> open_sink(const std::string& target, Access access) {
    const auto colon = target.find(':');
    const auto scheme = target.substr(0, colon);
    const auto rest = colon == std::string::npos ? std::string() : target.substr(colon + 1);
    if (scheme == "sqlite" && !rest.empty()) return open_sqlite_sink(rest, access);
    if (scheme == "ndjson" && !rest.empty()) return open_ndjson_sink(rest, access);
    if (scheme == "postgresql" || scheme == "postgres") return open_postgres_sink(target, access);
    return fail(ErrorCode::invalid_input,
                "'" + target + "' is no target; give sqlite:FILE, postgresql://… or ndjson:DIR", "--to");
}

}  // namespace cvstroom::mirror
