#include "api/fault_list.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <set>

#include "base/json_writer.hpp"

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;
using sandbox::Fault;
using std::chrono::seconds;

std::string known_kinds() {
    std::string all;
    for (const auto& name : sandbox::fault_names()) all += (all.empty() ? "" : ", ") + std::string(name.wire);
    return all;
}

class Reader {
  public:
    explicit Reader(std::vector<http::Issue>& issues) : issues_(issues) {}

    std::vector<Fault> read(std::string_view body) {
        dom::parser parser;
        dom::object object;
        const auto error = parser.parse(body.data(), body.size()).get(object);
        if (error != simdjson::SUCCESS) {
            const std::string_view reason = simdjson::error_message(error);
            add("", local_text("geen JSON-object: {}", "pas un objet JSON: {}", "no JSON object: {}", reason));
            return {};
        }
        std::vector<Fault> faults;
        bool has_list = false;
        for (const auto& member : object) {
            if (member.key != "storingen") {
                add("/" + std::string(member.key), {"onbekend veld", "champ inconnu", "unknown member"});
                continue;
            }
            has_list = true;
            faults = read_list(member.value);
        }
        if (!has_list) add("/storingen", {"ontbreekt", "manque", "is missing"});
        return faults;
    }

  private:
    void add(std::string pointer, LocalText detail) {
        issues_.push_back({"schemaViolation", "body", std::move(pointer), "", std::move(detail)});
    }

    std::vector<Fault> read_list(const dom::element& value) {
        std::vector<Fault> faults;
        dom::array list;
        if (value.get(list) != simdjson::SUCCESS) {
            add("/storingen", {"moet een lijst zijn", "doit être une liste", "must be a list"});
            return faults;
        }
        std::size_t position = 0;
        std::set<sandbox::FaultKind> seen;
        for (const dom::element entry : list) {
            const auto here = fmt::format("/storingen/{}", position++);
            const auto fault = read_fault(entry, here);
            if (!fault) continue;
            if (!seen.insert(fault->kind).second) {
                add(here + "/soort", {"staat er al", "y figure déjà", "is there already"});
            }
            faults.push_back(*fault);
        }
        return faults;
    }

    std::optional<Fault> read_fault(const dom::element& value, const std::string& here) {
        std::string_view wire;
        if (value["soort"].get(wire) != simdjson::SUCCESS || !sandbox::fault_kind(wire)) {
            add(here + "/soort",
                local_text("moet een van deze zijn: {}", "doit être l'un de: {}", "must be one of: {}", known_kinds()));
            return std::nullopt;
        }
        const auto& name = sandbox::name_of(*sandbox::fault_kind(wire));
        Fault fault = name.usual;
        dom::object object;
        if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
        for (const auto& member : object) {
            const auto at = here + "/" + std::string(member.key);
            const auto number = [&](std::uint64_t least, std::uint64_t most) {
                return read_number(member.value, at, least, most);
            };
            if (member.key == "soort") continue;
            if (member.key == "deel" && name.has_share) {
                fault.share = number(1, Fault::most_share);
            } else if (member.key == "zaad") {
                fault.seed = number(0, std::uint64_t{1} << 53U);
            } else if (member.key == "duur") {
                fault.lasts = seconds(number(1, Fault::longest.count()));
            } else if (member.key == "pauze" && name.has_pause) {
                fault.pause = seconds(number(1, Fault::longest_pause.count()));
            } else {
                add(at, local_text("bestaat niet bij de soort {}", "n'existe pas pour le type {}",
                                   "does not exist with the kind {}", wire));
            }
        }
        return fault;
    }

    std::uint64_t read_number(const dom::element& value, const std::string& at, std::uint64_t least,
                              std::uint64_t most) {
        std::uint64_t number = 0;
        if (value.get(number) == simdjson::SUCCESS && number >= least && number <= most) return number;
        add(at, local_text("moet een geheel getal van {} tot {} zijn", "doit être un entier de {} à {}",
                           "must be a whole number from {} to {}", least, most));
        return least;
    }

    std::vector<http::Issue>& issues_;
};

void write_fault(JsonWriter& json, const FaultState& state) {
    const auto& name = sandbox::name_of(state.fault.kind);
    json.begin_object().member("soort", name.wire);
    if (name.has_share) json.member("deel", state.fault.share);
    json.member("zaad", state.fault.seed).member("duur", state.fault.lasts.count());
    if (name.has_pause) json.member("pauze", state.fault.pause.count());
    json.member("nog", state.left.count()).member("bekeken", state.considered).member("getroffen", state.struck);
    json.key("gevallen").begin_array();
    for (const auto& each : state.cases) {
        json.begin_object().member("op", format_instant(each.at)).member("wat", each.target).end_object();
    }
    json.end_array().end_object();
}

}  // namespace

std::vector<Fault> read_faults(std::string_view body, std::vector<http::Issue>& issues) {
    return Reader(issues).read(body);
}

std::string write_faults(const std::vector<FaultState>& states) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("storingen").begin_array();
    for (const auto& state : states) write_fault(json, state);
    json.end_array().end_object();
    return body;
}

}  // namespace cvstroom::api
