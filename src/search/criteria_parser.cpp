#include "search/criteria_parser.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/text.hpp"
#include "candidate/facts.hpp"
#include "search/names.hpp"

namespace cvstroom::search {
namespace {

constexpr std::string_view all_mark = "alle:";
constexpr std::string_view not_mark = "niet:";
constexpr std::uint64_t most_days = 36'500;

const CriterionName* find_criterion(std::string_view name) {
    const auto found = std::find_if(criterion_names.begin(), criterion_names.end(),
                                    [name](const CriterionName& each) { return each.name == name; });
    return found == criterion_names.end() ? nullptr : found;
}

template <typename Names>
bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<bool> parse_boolean(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

LocalText not_a_boolean() {
    return local_text("geef true of false", "indiquez true ou false", "say true or false");
}

LocalText unknown_code(std::string_view code, const std::string& nearest) {
    if (nearest.empty()) {
        return local_text("'{}' is geen bekende code; de codes staan in de referentie-API",
                          "'{}' n'est pas un code connu; les codes sont dans l'API de référence",
                          "'{}' is not a known code; the reference API has the codes", code);
    }
    return local_text("'{}' is geen bekende code; bedoelde u {}?",
                      "'{}' n'est pas un code connu; vouliez-vous dire {}?",
                      "'{}' is not a known code; did you mean {}?", code, nearest);
}

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& others) {
    std::string_view best;
    std::size_t least = 3;  // more than two edits apart is another word
    const auto consider = [&](std::string_view known) {
        const auto distance = equal_ignoring_case(known, name) ? 0 : edit_distance(known, name, least);
        if (distance < least) {
            least = distance;
            best = known;
        }
    };
    for (const auto& criterion : criterion_names) consider(criterion.name);
    for (const auto modifier : modifier_names) consider(modifier);
    for (const auto other : others) consider(other);
    return best;
}

}  // namespace

bool CriteriaParser::take(const Parameter& parameter) {
    if (const auto* name = find_criterion(parameter.name)) {
        take_codes(*name, parameter);
        return true;
    }
    if (!contains(modifier_names, parameter.name)) return false;
    take_modifier(parameter);
    return true;
}

void CriteriaParser::issue(const Parameter& parameter, LocalText detail, ParameterIssue::Kind kind) {
    issues_.push_back({kind, parameter.name, parameter.value, std::move(detail)});
}

void CriteriaParser::take_codes(const CriterionName& name, const Parameter& parameter) {
    std::string_view text = parameter.value;
    const bool all = text.starts_with(all_mark);
    if (all) text.remove_prefix(all_mark.size());
    auto found = std::find_if(criteria_.criteria.begin(), criteria_.criteria.end(),
                              [&](const Criterion& each) { return each.dimension == name.dimension; });
    if (found == criteria_.criteria.end()) {
        criteria_.criteria.push_back({name.dimension, all, {}, {}});
        found = std::prev(criteria_.criteria.end());
    } else if (all || found->all) {
        issue(parameter, local_text("met 'alle:' staan alle waarden in één parameter",
                                    "avec 'alle:' toutes les valeurs se trouvent dans un seul paramètre",
                                    "with 'alle:' all values stand in one parameter"));
        return;
    }
    for (const auto part : split(text, ',')) {
        if (found->wanted.size() + found->excluded.size() == most_values) {
            issue(parameter,
                  local_text("ten hoogste {} waarden", "au maximum {} valeurs", "at most {} values", most_values));
            return;
        }
        take_value(name, parameter, part, *found);
    }
}

void CriteriaParser::take_value(const CriterionName& name, const Parameter& parameter, std::string_view text,
                                Criterion& criterion) {
    const bool is_excluded = text.starts_with(not_mark);
    if (is_excluded) text.remove_prefix(not_mark.size());
    Value value;
    const auto colon = name.has_ranks ? text.find(':') : std::string_view::npos;
    value.code = std::string(text.substr(0, colon));
    if (value.code.empty()) {
        issue(parameter, local_text("een waarde is leeg", "une valeur est vide", "a value is empty"));
        return;
    }
    if (!lists_.knows(name.codes, value.code)) {
        issue({parameter.name, value.code}, unknown_code(value.code, lists_.nearest(name.codes, value.code)),
              ParameterIssue::Kind::unknown_code);
        return;
    }
    if (colon != std::string_view::npos) {
        const auto rank = text.substr(colon + 1);
        if (!lists_.knows(name.rank_codes, rank)) {
            issue({parameter.name, std::string(text)}, unknown_code(rank, lists_.nearest(name.rank_codes, rank)),
                  ParameterIssue::Kind::unknown_code);
            return;
        }
        std::from_chars(rank.data(), rank.data() + rank.size(), value.least_rank);
    }
    (is_excluded ? criterion.excluded : criterion.wanted).push_back(std::move(value));
}

void CriteriaParser::take_modifier(const Parameter& parameter) {
    if (!modifiers_.emplace(parameter.name, parameter).second) {
        issue(parameter,
              local_text("mag maar één keer voorkomen", "ne peut figurer qu'une seule fois", "may stand only once"));
        return;
    }
    if (parameter.name == "gewijzigdVan") take_instant(parameter, criteria_.changed_from);
    if (parameter.name == "gewijzigdTot") take_instant(parameter, criteria_.changed_until);
    if (parameter.name == "trefwoord") take_text(parameter);
    if (parameter.name == "postcode") take_postcode(parameter);
}

void CriteriaParser::take_instant(const Parameter& parameter, std::optional<Instant>& into) {
    const auto instant = parse_instant(parameter.value);
    if (instant) {
        into = *instant;
        return;
    }
    issue(parameter, local_text("geef een ISO 8601-tijdstip met tijdzone, zoals 2026-02-13T12:00:00Z",
                                "indiquez un instant ISO 8601 avec fuseau horaire, comme 2026-02-13T12:00:00Z",
                                "give an ISO 8601 instant with a time zone, such as 2026-02-13T12:00:00Z"));
}

void CriteriaParser::take_days(const Parameter& parameter) {
    const auto days = parse_unsigned(parameter.value);
    if (!days || *days == 0 || *days > most_days) {
        issue(parameter, local_text("geef een aantal dagen van 1 tot {}", "indiquez un nombre de jours de 1 à {}",
                                    "give a number of days from 1 to {}", most_days));
        return;
    }
    const Instant from = now_ - std::chrono::days{static_cast<int>(*days)};
    criteria_.changed_from = std::max(from, criteria_.changed_from.value_or(from));
}

void CriteriaParser::raise_ranks(index::Dimension dimension, std::string_view modifier, std::uint16_t rank) {
    const auto& parameter = modifiers_.find(modifier)->second;
    const auto found = std::find_if(criteria_.criteria.begin(), criteria_.criteria.end(),
                                    [&](const Criterion& each) { return each.dimension == dimension; });
    if (found == criteria_.criteria.end()) {
        const std::string_view needed = dimension == index::Dimension::study ? "studies" : "beroepen";
        issue(parameter, local_text("hoort bij '{}', en dat ontbreekt", "va avec '{}', qui manque",
                                    "goes with '{}', which is missing", needed));
        return;
    }
    for (auto& value : found->wanted) value.least_rank = std::max(value.least_rank, rank);
}

void CriteriaParser::take_text(const Parameter& parameter) {
    std::vector<LocalText> faults;
    auto query = parse_text_query(parameter.value, faults);
    for (auto& fault : faults) issue(parameter, std::move(fault));
    if (faults.empty()) criteria_.text = std::move(query);
}

// "BE-2800", as documents have it, or "2800".
void CriteriaParser::take_postcode(const Parameter& parameter) {
    const bool has_country = parameter.value.starts_with("BE-");
    const auto postcode = candidate::parse_postcode(has_country ? parameter.value : "BE-" + parameter.value);
    if (postcode == 0) {
        issue(parameter, local_text("geef een Belgische postcode, zoals 2800 of BE-2800",
                                    "indiquez un code postal belge, comme 2800 ou BE-2800",
                                    "give a Belgian postcode, such as 2800 or BE-2800"));
    } else if (!lists_.places().knows(postcode)) {
        issue(parameter,
              local_text("er is geen plaats met postcode {}", "aucune localité n'a le code postal {}",
                         "no place has postcode {}", postcode),
              ParameterIssue::Kind::unknown_code);
    } else {
        criteria_.around.emplace().centre = postcode;
    }
}

void CriteriaParser::take_radius(const Parameter& parameter) {
    const auto kilometres = parse_unsigned(parameter.value);
    if (!kilometres || *kilometres == 0 || *kilometres > most_kilometres) {
        issue(parameter, local_text("geef een geheel aantal kilometer van 1 tot {}",
                                    "indiquez un nombre entier de kilomètres de 1 à {}",
                                    "give a whole number of kilometres from 1 to {}", most_kilometres));
        return;
    }
    if (criteria_.around) criteria_.around->kilometres = static_cast<std::uint32_t>(*kilometres);
    if (modifiers_.contains("postcode")) return;
    issue(parameter, local_text("hoort bij 'postcode', en dat ontbreekt", "va avec 'postcode', qui manque",
                                "goes with 'postcode', which is missing"));
}

void CriteriaParser::take_own_car(const Parameter& parameter) {
    if (!parse_boolean(parameter.value)) return issue(parameter, not_a_boolean());
    criteria_.criteria.push_back({index::Dimension::own_car, false, {{parameter.value, 0}}, {}});
}

void CriteriaParser::take_unknown(const Parameter& parameter) {
    criteria_.keep_unknown = parameter.value == "mee";
    if (parameter.value == "mee" || parameter.value == "weg") return;
    issue(parameter, local_text("geef mee of weg", "indiquez mee ou weg", "say mee or weg"));
}

void CriteriaParser::take_year(const Parameter& parameter) {
    const auto year = parse_unsigned(parameter.value);
    if (!year || *year < 1900 || *year > 2100) {
        return issue(parameter, local_text("geef een jaar van 1900 tot 2100", "indiquez une année de 1900 à 2100",
                                           "give a year from 1900 to 2100"));
    }
    raise_ranks(index::Dimension::study, parameter.name, static_cast<std::uint16_t>(*year));
}

void CriteriaParser::take_experience(const Parameter& parameter) {
    const auto level = parse_unsigned(parameter.value);
    if (!level || !lists_.knows(candidate::CodeKind::experience_level, parameter.value)) {
        return issue(parameter, unknown_code(parameter.value, ""), ParameterIssue::Kind::unknown_code);
    }
    raise_ranks(index::Dimension::profession, parameter.name, static_cast<std::uint16_t>(*level));
}

// What has to wait until everything is known that it may go with.
void CriteriaParser::apply_modifiers() {
    for (const auto& [name, parameter] : modifiers_) {
        if (name == "behaald") {
            const auto only_obtained = parse_boolean(parameter.value);
            if (!only_obtained) issue(parameter, not_a_boolean());
            if (only_obtained.value_or(false))
                raise_ranks(index::Dimension::study, name, candidate::obtained_some_year);
        } else if (name == "behaaldSinds") {
            take_year(parameter);
        } else if (name == "ervaring") {
            take_experience(parameter);
        } else if (name == "eigenWagen") {
            take_own_car(parameter);
        } else if (name == "onbekend") {
            take_unknown(parameter);
        } else if (name == "sinds") {
            take_days(parameter);
        } else if (name == "straal") {
            take_radius(parameter);
        }
    }
}

Criteria CriteriaParser::finish(std::vector<ParameterIssue>& issues) {
    apply_modifiers();
    if (criteria_.changed_from && criteria_.changed_until && *criteria_.changed_from > *criteria_.changed_until &&
        modifiers_.contains("gewijzigdVan")) {
        issue(modifiers_.find("gewijzigdTot")->second,
              local_text("gewijzigdTot ligt vóór gewijzigdVan", "gewijzigdTot précède gewijzigdVan",
                         "gewijzigdTot lies before gewijzigdVan"));
    }
    issues.insert(issues.end(), std::make_move_iterator(issues_.begin()), std::make_move_iterator(issues_.end()));
    issues_.clear();
    return std::move(criteria_);
}

ParameterIssue CriteriaParser::unknown_parameter(const Parameter& parameter,
                                                 const std::vector<std::string_view>& others) {
    const auto is_protected = std::any_of(protected_names.begin(), protected_names.end(), [&](std::string_view name) {
        return equal_ignoring_case(name, parameter.name);
    });
    if (is_protected) {
        return {ParameterIssue::Kind::invalid, parameter.name, parameter.value,
                local_text(
                    "op '{}' kan niet gezocht worden: de Belgische antidiscriminatiewetgeving beschermt dit kenmerk",
                    "'{}' n'est pas un critère: la législation belge antidiscrimination protège cette caractéristique",
                    "'{}' is no criterion: Belgian anti-discrimination law protects this trait", parameter.name)};
    }
    const auto nearest = nearest_name(parameter.name, others);
    if (!nearest.empty()) {
        return {ParameterIssue::Kind::unknown, parameter.name, parameter.value,
                local_text("onbekende parameter; bedoelde u '{}'?", "paramètre inconnu; vouliez-vous dire '{}'?",
                           "unknown parameter; did you mean '{}'?", nearest)};
    }
    return {ParameterIssue::Kind::unknown, parameter.name, parameter.value,
            local_text("onbekende parameter", "paramètre inconnu", "unknown parameter")};
}

}  // namespace cvstroom::search
