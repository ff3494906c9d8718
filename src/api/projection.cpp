#include "api/projection.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;

// Every member of SPEC 2 that a path may name.
constexpr std::array known_paths{
    "cvId",
    "status",
    "wijzigingsDatum",
    "iklId",
    "persoonlijkeInteresse",
    "natuurlijkPersoon",
    "natuurlijkPersoon.gsm",
    "natuurlijkPersoon.telefoon",
    "natuurlijkPersoon.email",
    "natuurlijkPersoon.achternaam",
    "natuurlijkPersoon.voornaam",
    "natuurlijkPersoon.roepnaam",
    "natuurlijkPersoon.website",
    "natuurlijkPersoon.geslacht",
    "natuurlijkPersoon.nationaliteit",
    "natuurlijkPersoon.geboortedatum",
    "natuurlijkPersoon.officieelAdres",
    "natuurlijkPersoon.officieelAdres.straat",
    "natuurlijkPersoon.officieelAdres.huisnummer",
    "natuurlijkPersoon.officieelAdres.busnummer",
    "natuurlijkPersoon.officieelAdres.postcode",
    "natuurlijkPersoon.officieelAdres.gemeente",
    "natuurlijkPersoon.officieelAdres.land",
    "natuurlijkPersoon.contactAdres",
    "natuurlijkPersoon.contactAdres.straat",
    "natuurlijkPersoon.contactAdres.huisnummer",
    "natuurlijkPersoon.contactAdres.busnummer",
    "natuurlijkPersoon.contactAdres.postcode",
    "natuurlijkPersoon.contactAdres.gemeente",
    "natuurlijkPersoon.contactAdres.land",
    "ervaringen",
    "ervaringen.type",
    "ervaringen.functieTitel",
    "ervaringen.van",
    "ervaringen.tot",
    "ervaringen.omschrijving",
    "ervaringen.werkgever",
    "ervaringen.werkgever.naam",
    "opleidingen",
    "opleidingen.type",
    "opleidingen.naam",
    "opleidingen.info",
    "opleidingen.behaaldOp",
    "opleidingen.behaaldIn",
    "opleidingen.diploma",
    "attesteringen",
    "attesteringen.type",
    "attesteringen.code",
    "attesteringen.eigenWagen",
    "competenties",
    "competenties.type",
    "competenties.code",
    "competenties.niveau",
    "competenties.score",
    "competenties.naam",
    "competenties.beschrijving",
    "gewensteJob",
    "gewensteJob.arbeidsRegimes",
    "gewensteJob.arbeidsStelsels",
    "gewensteJob.regios",
    "gewensteJob.functies",
    "gewensteJob.functies.titel",
    "gewensteJob.functies.ervaring",
    "gewensteJob.functies.beroepsprofiel",
    "gewensteJob.functies.beroepsprofiel.code",
};

bool is_known(std::string_view path) {
    return std::find(known_paths.begin(), known_paths.end(), path) != known_paths.end();
}

std::string nearest_path(std::string_view path) {
    constexpr std::size_t far = 4;
    std::string best;
    std::size_t least = far;
    for (const std::string_view known : known_paths) {
        const auto last = known.substr(known.rfind('.') + 1);
        const auto distance = std::min(edit_distance(known, path, far), equal_ignoring_case(last, path) ? 0 : far);
        if (distance >= least) continue;
        least = distance;
        best = known;
    }
    return best;
}

LocalText unknown_path(const std::string& nearest) {
    if (nearest.empty()) {
        return local_text("onbekend veld; geef een pad zoals gewensteJob.functies.titel",
                          "champ inconnu; indiquez un chemin comme gewensteJob.functies.titel",
                          "unknown member; give a path such as gewensteJob.functies.titel");
    }
    return local_text("onbekend veld; bedoelde u '{}'?", "champ inconnu; vouliez-vous dire '{}'?",
                      "unknown member; did you mean '{}'?", nearest);
}

}  // namespace

// Walks document and selection together. Not part of the header: simdjson stays in here.
class ProjectionWriter {
  public:
    using Node = Projection::Node;

    static void write_members(const dom::object& object, const Node& node, JsonWriter& json) {
        for (const auto& member : object) {
            const auto child = node.children.find(member.key);
            if (child == node.children.end() || !selects(member.value, child->second)) continue;
            json.key(member.key);
            write_value(member.value, child->second, json);
        }
    }

  private:
    static bool selects(const dom::element& value, const Node& node) {
        return node.is_whole || value.is_object() || value.is_array();
    }

    static void write_value(const dom::element& value, const Node& node, JsonWriter& json) {
        dom::object object;
        dom::array array;
        if (node.is_whole) {
            json.raw(simdjson::minify(value));
        } else if (value.get(object) == simdjson::SUCCESS) {
            json.begin_object();
            write_members(object, node, json);
            json.end_object();
        } else if (value.get(array) == simdjson::SUCCESS) {
            json.begin_array();
            for (const dom::element entry : array) {
                if (entry.is_object()) write_value(entry, node, json);
            }
            json.end_array();
        }
    }
};

void Projection::add(std::string_view path) {
    given_.append(given_.empty() ? "" : ",").append(path);
    Node* node = &root_;
    for (const auto name : split(path, '.')) {
        if (node->is_whole) return;  // a wider path is there already
        node = &node->children[std::string(name)];
    }
    node->is_whole = true;
    node->children.clear();
}

void Projection::take(const Parameter& parameter, std::vector<ParameterIssue>& issues) {
    for (const auto path : split(parameter.value, ',')) {
        if (!is_known(path)) {
            issues.push_back(
                {ParameterIssue::Kind::invalid, parameter.name, std::string(path), unknown_path(nearest_path(path))});
            continue;
        }
        if (++paths_ == most_paths + 1) {
            issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value,
                              local_text("ten hoogste {} velden; de rest staat in het detail",
                                         "au maximum {} champs; le reste se trouve dans le détail",
                                         "at most {} members; the detail has the rest", most_paths)});
        }
        if (path != "cvId") add(path);
    }
}

Result<void> Projection::write(std::string_view document, JsonWriter& json) const {
    thread_local dom::parser parser;
    dom::object object;
    const auto error = parser.parse(document.data(), document.size()).get(object);
    if (error != simdjson::SUCCESS) return fail(ErrorCode::corrupt, "a stored document is no JSON object");
    ProjectionWriter::write_members(object, root_, json);
    return {};
}

}  // namespace cvstroom::api
