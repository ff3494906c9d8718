#include "http/problem.hpp"

#include <algorithm>
#include <array>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"

namespace cvstroom::http {
namespace {

constexpr std::size_t longest_value = 200;

const LocalText title_bad_request{"Ongeldige aanvraag", "Requête non valide", "Bad Request"};
const LocalText title_not_found{"Niet gevonden", "Introuvable", "Not Found"};
const LocalText title_unauthorized{"Niet aangemeld", "Non authentifié", "Unauthorized"};
const LocalText title_forbidden{"Geen toegang", "Accès refusé", "Forbidden"};

// Cuts long values, at a character's beginning: an answer is no echo of a megabyte.
std::string_view shortened(std::string_view value) {
    if (value.size() <= longest_value) return value;
    std::size_t length = longest_value;
    while (length > 0 && (static_cast<unsigned char>(value[length]) & 0xC0U) == 0x80U) --length;
    return value.substr(0, length);
}

std::string type_urn(std::string_view type) {
    if (type.find(':') != std::string_view::npos) return "urn:problem-type:" + std::string(type);
    return "urn:problem-type:belgif:" + std::string(type);
}

std::string belgif_page(std::string_view type) {
    return "https://www.belgif.be/specification/rest/api-guide/#" + std::string(type);
}

std::string_view gateway_message(unsigned status) {
    if (status == 401) return "Unauthorized";
    if (status == 403) return "Forbidden";
    return "Too Many Requests";
}

void write_issue(JsonWriter& json, const Issue& issue, Language language) {
    json.begin_object();
    json.member("type", type_urn("belgif:input-validation:" + std::string(issue.type)));
    json.member("title", in_language(title_bad_request, language));
    json.member("detail", in_language(issue.detail, language));
    json.member("in", issue.in);
    json.member("name", shortened(issue.name));
    if (!issue.value.empty()) json.member("value", shortened(issue.value));
    json.end_object();
}

}  // namespace

std::string_view in_language(const LocalText& text, Language language) {
    if (language == Language::french) return text.fr;
    if (language == Language::english) return text.en;
    return text.nl;
}

Issue query_issue(const ParameterIssue& issue) {
    std::string_view type = "invalidInput";
    if (issue.kind == ParameterIssue::Kind::unknown) type = "unknownInput";
    if (issue.kind == ParameterIssue::Kind::unknown_code) type = "referencedResourceNotFound";
    return {type, "query", issue.name, issue.value, issue.detail};
}

Problem bad_request(std::vector<Issue> issues) {
    Problem problem{400, "badRequest", title_bad_request, {}, std::move(issues), {}};
    problem.detail = local_text("De aanvraag bevat {} fout(en).", "La requête contient {} erreur(s).",
                                "The request has {} fault(s).", problem.issues.size());
    return problem;
}

Problem not_found(LocalText detail) {
    return {404, "resourceNotFound", title_not_found, std::move(detail), {}, {}};
}

Problem no_key() {
    return {401,
            "noAccessToken",
            title_unauthorized,
            {"Stuur uw sleutel mee in het veld X-IBM-Client-Id.", "Envoyez votre clé dans le champ X-IBM-Client-Id.",
             "Send your key in the field X-IBM-Client-Id."},
            {},
            {}};
}

Problem unknown_key() {
    return {
        401,
        "invalidAccessToken",
        title_unauthorized,
        {"De sleutel in X-IBM-Client-Id is onbekend of ingetrokken.",
         "La clé dans X-IBM-Client-Id est inconnue ou révoquée.", "The key in X-IBM-Client-Id is unknown or revoked."},
        {},
        {}};
}

Problem no_subscription(std::string_view product) {
    return {403,
            "missingPermission",
            title_forbidden,
            local_text("De sleutel heeft geen abonnement op het product '{}'.",
                       "La clé n'a pas d'abonnement au produit '{}'.",
                       "The key has no subscription to the product '{}'.", product),
            {},
            {}};
}

Problem expired_key() {
    return {401,
            "invalidAccessToken",
            title_unauthorized,
            {"De sleutel in X-IBM-Client-Id is vervallen; gebruik de nieuwe.",
             "La clé dans X-IBM-Client-Id a expiré; utilisez la nouvelle.",
             "The key in X-IBM-Client-Id has expired; use the new one."},
            {},
            {}};
}

Problem partner_not_active(std::string_view state) {
    return {403,
            "missingPermission",
            title_forbidden,
            local_text("Het partnerschap is niet actief: het is '{}'. Neem contact op met de aanbieder.",
                       "Le partenariat n'est pas actif: il est '{}'. Contactez le fournisseur.",
                       "The partnership is not active: it is '{}'. Ask the provider.", state),
            {},
            {}};
}

Problem too_many_requests(std::uint64_t limit, std::uint64_t retry_after, bool is_daily) {
    const LocalText detail = is_daily
                                 ? local_text("Meer dan {} aanvragen per dag; probeer het opnieuw over {} s.",
                                              "Plus de {} requêtes par jour; réessayez dans {} s.",
                                              "More than {} requests a day; try again in {} s.", limit, retry_after)
                                 : local_text("Meer dan {} aanvragen per minuut; probeer het opnieuw over {} s.",
                                              "Plus de {} requêtes par minute; réessayez dans {} s.",
                                              "More than {} requests a minute; try again in {} s.", limit, retry_after);
    return {429,
            "tooManyRequests",
            {"Te veel aanvragen", "Trop de requêtes", "Too Many Requests"},
            detail,
            {},
            {{"limit", std::to_string(limit)}, {"retryAfterSec", std::to_string(retry_after)}}};
}

Problem too_many_failures(std::uint64_t limit, std::uint64_t retry_after) {
    return {429,
            "tooManyFailedRequests",
            {"Te veel mislukte aanvragen", "Trop de requêtes échouées", "Too Many Failed Requests"},
            local_text("Meer dan {} mislukte aanvragen per minuut (400 tot 499); probeer het opnieuw over {} s.",
                       "Plus de {} requêtes échouées par minute (400 à 499); réessayez dans {} s.",
                       "More than {} failed requests a minute (400 to 499); try again in {} s.", limit, retry_after),
            {},
            {{"limit", std::to_string(limit)}, {"retryAfterSec", std::to_string(retry_after)}}};
}

Problem method_not_allowed(std::string_view method) {
    return {405,
            "methodNotAllowed",
            {"Methode niet toegelaten", "Méthode non autorisée", "Method Not Allowed"},
            local_text("'{}' bestaat hier niet; zie het veld Allow.", "'{}' n'existe pas ici; voir le champ Allow.",
                       "'{}' does not exist here; see the field Allow.", shortened(method)),
            {},
            {}};
}

Problem unavailable() {
    return {503,
            "serviceUnavailable",
            {"Even niet beschikbaar", "Momentanément indisponible", "Service Unavailable"},
            {"Probeer het straks opnieuw.", "Réessayez plus tard.", "Try again later."},
            {},
            {}};
}

Problem internal_error() {
    return {500,
            "internalServerError",
            {"Interne fout", "Erreur interne", "Internal Server Error"},
            {"De fout is gelogd onder het trace-id van dit antwoord.",
             "L'erreur est journalisée sous l'identifiant de trace de cette réponse.",
             "The error is logged under this answer's trace id."},
            {},
            {}};
}

Problem transport_problem(unsigned status, std::string_view reason) {
    struct Kind {
        unsigned status;
        std::string_view type;
        LocalText title;
    };
    static const std::array kinds{
        Kind{400, "badRequest", title_bad_request},
        Kind{408, "cvstroom:requestTimeout", {"Te traag", "Trop lent", "Request Timeout"}},
        Kind{413, "payloadTooLarge", {"Te groot", "Trop volumineux", "Content Too Large"}},
        Kind{414, "cvstroom:uriTooLong", {"URL te lang", "URL trop longue", "URI Too Long"}},
        Kind{417,
             "cvstroom:expectationFailed",
             {"Verwachting niet vervuld", "Attente non satisfaite", "Expectation Failed"}},
        Kind{431,
             "cvstroom:fieldsTooLarge",
             {"Velden te groot", "Champs trop volumineux", "Request Header Fields Too Large"}},
        Kind{501, "cvstroom:notImplemented", {"Niet ondersteund", "Non pris en charge", "Not Implemented"}},
        Kind{505,
             "cvstroom:versionNotSupported",
             {"HTTP-versie niet ondersteund", "Version HTTP non prise en charge", "HTTP Version Not Supported"}},
    };
    const auto* kind =
        std::find_if(kinds.begin(), kinds.end(), [=](const Kind& each) { return each.status == status; });
    if (kind == kinds.end()) return internal_error();
    return {status, kind->type, kind->title, {std::string(reason), std::string(reason), std::string(reason)}, {}, {}};
}

Response to_response(const Problem& problem, Language language) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("type", type_urn(problem.type));
    if (problem.type.find(':') == std::string_view::npos) json.member("href", belgif_page(problem.type));
    json.member("title", in_language(problem.title, language)).member("status", std::int64_t{problem.status});
    json.member("detail", in_language(problem.detail, language));
    if (!problem.issues.empty()) {
        json.key("issues").begin_array();
        for (const auto& issue : problem.issues) write_issue(json, issue, language);
        json.end_array();
    }
    for (const auto& [name, value] : problem.members) json.key(name).raw(value);
    if (problem.status == 401 || problem.status == 403 || problem.status == 429) {
        json.member("httpCode", std::to_string(problem.status));
        json.member("httpMessage", gateway_message(problem.status));
        json.member("moreInformation", in_language(problem.detail, language));
    }
    json.end_object();
    Response response;
    response.status = problem.status;
    response.body = std::move(body);
    response.set("Content-Type", "application/problem+json");
    response.set("Content-Language", std::string(tag(language)));
    response.set("Cache-Control", "no-store");
    response.set("Vary", "Accept-Language");
    return response;
}

}  // namespace cvstroom::http
