#include "api/bulk_request.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "search/criteria_parser.hpp"
#include "search/names.hpp"

namespace cvstroom::api {
namespace {

constexpr PageLimits page_limits{2000, 2000};
constexpr std::uint64_t most_patience = 60;  // seconds (SPEC 5)

const std::vector<std::string_view> own_names{"van", "tot", "vanaf", "aantal", "vervolg", "wacht", "velden"};

// Of search, and no question about the codes of one version.
constexpr std::array other_criteria{std::string_view{"sinds"},        std::string_view{"gewijzigdVan"},
                                    std::string_view{"gewijzigdTot"}, std::string_view{"trefwoord"},
                                    std::string_view{"postcode"},     std::string_view{"straal"}};
constexpr std::array code_modifiers{std::string_view{"behaald"}, std::string_view{"behaaldSinds"},
                                    std::string_view{"ervaring"}, std::string_view{"eigenWagen"},
                                    std::string_view{"onbekend"}};

bool is_code_criterion(std::string_view name) {
    return std::ranges::find(search::criterion_names, name, &search::CriterionName::name) !=
               search::criterion_names.end() ||
           std::ranges::find(code_modifiers, name) != code_modifiers.end();
}

LocalText only_once() {
    return {"mag maar één keer voorkomen", "ne peut figurer qu'une seule fois", "may stand only once"};
}

}  // namespace

BulkRequest::BulkRequest(const std::vector<Parameter>& parameters, bool is_stream,
                         reference::CurrentLists::Pointer lists)
    : is_stream_(is_stream), paging_(page_limits) {
    for (const auto& parameter : parameters) take(parameter);
    if (!criteria_.empty()) take_criteria(std::move(lists));
    check_combinations();
}

void BulkRequest::add(const Parameter& parameter, LocalText detail, ParameterIssue::Kind kind) {
    issues_.push_back({kind, parameter.name, parameter.value, std::move(detail)});
}

void BulkRequest::take(const Parameter& parameter) {
    if (paging_.take(parameter, issues_)) {
        has_count_ = has_count_ || parameter.name == "aantal";
    } else if (parameter.name == "van") {
        take_instant(parameter, from_);
    } else if (parameter.name == "tot") {
        take_instant(parameter, until_);
    } else if (parameter.name == "vervolg") {
        take_once(parameter, cursor_, issues_);
    } else if (parameter.name == "wacht") {
        take_patience(parameter);
    } else if (parameter.name == "velden") {
        take_fields(parameter);
    } else if (is_code_criterion(parameter.name)) {
        criteria_.push_back(parameter);
    } else if (std::ranges::find(other_criteria, parameter.name) != other_criteria.end()) {
        add(parameter, {"hier gelden alleen criteria op codes; wanneer iets wijzigde vraagt u met van en tot",
                        "ici seuls les critères sur des codes valent; quand un CV a changé se demande avec van et tot",
                        "only criteria on codes count here; ask with van and tot when something changed"});
    } else {
        issues_.push_back(search::CriteriaParser::unknown_parameter(parameter, own_names));
    }
}

void BulkRequest::take_instant(const Parameter& parameter, std::optional<Instant>& into) {
    const auto instant = parse_instant(parameter.value);
    if (into) {
        add(parameter, only_once());
    } else if (!instant) {
        add(parameter, {"geef een ISO 8601-tijdstip met tijdzone, zoals 2026-02-13T12:00:00Z",
                        "indiquez un instant ISO 8601 avec fuseau horaire, comme 2026-02-13T12:00:00Z",
                        "give an ISO 8601 instant with a time zone, such as 2026-02-13T12:00:00Z"});
    } else {
        into = *instant;
    }
}

void BulkRequest::take_patience(const Parameter& parameter) {
    const auto seconds = parse_unsigned(parameter.value);
    if (patience_) {
        add(parameter, only_once());
    } else if (!seconds || *seconds > most_patience) {
        add(parameter, local_text("geef een geheel aantal seconden van 0 tot {}",
                                  "indiquez un nombre entier de secondes de 0 à {}",
                                  "give a whole number of seconds from 0 to {}", most_patience));
    } else {
        patience_ = std::chrono::seconds{*seconds};
    }
}

void BulkRequest::take_fields(const Parameter& parameter) {
    take_once(parameter, fields_, issues_);
    if (parameter.value != "*") {
        add(parameter, {"hier kan alleen *: het hele document", "ici seul * est possible: le document entier",
                        "only * is possible here: the whole document"});
    }
}

void BulkRequest::take_criteria(reference::CurrentLists::Pointer lists) {
    search::CriteriaParser parser(*lists, Instant{});
    for (const auto& parameter : criteria_) parser.take(parameter);
    auto criteria = parser.finish(issues_);
    if (issues_.empty()) selection_ = feed::make_selection(std::move(criteria), std::move(lists));
}

void BulkRequest::check_combinations() {
    if (cursor_ && (from_ || until_ || paging().has_offset)) {
        add({"vervolg", ""}, {"staat zonder van, tot en vanaf: het weet zelf waar het verder gaat",
                              "s'emploie sans van, tot ni vanaf: il sait lui-même où continuer",
                              "stands without van, tot and vanaf: it knows by itself where to go on"});
    }
    if (patience_ && !cursor_) {
        add({"wacht", std::to_string(patience_->count())},
            {"wachten kan alleen met vervolg: zonder is er altijd al een antwoord",
             "attendre n'est possible qu'avec vervolg: sans lui il y a toujours déjà une réponse",
             "waiting is possible with vervolg only: without it there always is an answer already"});
    }
    if (fields_ && !is_stream_) {
        add({"velden", *fields_}, {"documenten komen alleen in een stroom: vraag Accept: application/x-ndjson",
                                   "les documents ne viennent qu'en flux: demandez Accept: application/x-ndjson",
                                   "documents come in a stream only: ask for Accept: application/x-ndjson"});
    }
    if (is_stream_ && (paging().has_offset || has_count_)) {
        add({has_count_ ? "aantal" : "vanaf", ""},
            {"een stroom heeft geen bladzijden; ga verder met vervolg van de laatste regel",
             "un flux n'a pas de pages; continuez avec vervolg de la dernière ligne",
             "a stream has no pages; go on with vervolg of the last line"});
    }
}

}  // namespace cvstroom::api
