#include "mirror/cv_api.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <unordered_map>

#include "base/json_writer.hpp"
#include "mirror/json_members.hpp"

namespace cvstroom::mirror {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view base_path = "/services/openservices/v1";
constexpr std::size_t batch_size = 250;  // SPEC 3 allows 500; half of it spreads better over connections

Error unreadable(std::string_view what) {
    return {ErrorCode::corrupt, fmt::format("the API's answer cannot be read: {}", what), ""};
}

Result<ListedCv> read_listed(const dom::element& entry) {
    dom::object object;
    if (entry.get(object) != simdjson::SUCCESS) return tl::unexpected(unreadable("an entry of the list is no object"));
    const auto id = Uuid::parse(text_of(object, "cvId"));
    if (!id) return tl::unexpected(unreadable("an entry of the list has no cvId"));
    return ListedCv{*id, publication_of(text_of(object, "status")), number_of(object, "versie"),
                    text_of(object, "gewijzigdOp")};
}

Result<FeedPage> read_page(const HttpResponse& response) {
    dom::parser parser;
    dom::object object;
    if (parser.parse(response.body.data(), response.body.size()).get(object) != simdjson::SUCCESS) {
        return tl::unexpected(unreadable("a page of the list is no JSON object"));
    }
    FeedPage page;
    dom::array entries;
    if (object["resultaten"].get(entries) != simdjson::SUCCESS ||
        object["aantal"].get(page.total) != simdjson::SUCCESS) {
        return tl::unexpected(unreadable("a page of the list has no aantal and resultaten"));
    }
    for (const dom::element entry : entries) {
        auto listed = read_listed(entry);
        if (!listed) return tl::unexpected(listed.error());
        page.cvs.push_back(std::move(*listed));
    }
    page.cursor = text_of(object, "vervolg");
    page.epoch = text_of(object, "epoche");
    page.covered_until = text_of(object, "gedektTot");
    if (object["laatste"].get(page.is_last) != simdjson::SUCCESS) page.is_last = false;
    page.server_date = response.date;
    return page;
}

std::string batch_body(std::span<const CvApi::Wanted> wanted) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("cvs").begin_array();
    for (const auto& each : wanted)
        json.begin_object().member("cvId", each.cv).member("versie", each.held).end_object();
    json.end_array().end_object();
    return body;
}

// Answers of one batch, by id. The document is cut out of the answer as it came: not a byte of it changes.
class BatchReader {
  public:
    Result<std::unordered_map<Uuid, CvAnswer, UuidHash>> read(const std::string& body) {
        std::unordered_map<Uuid, CvAnswer, UuidHash> answers;
        const simdjson::padded_string padded(body);
        simdjson::ondemand::parser parser;
        simdjson::ondemand::document document;
        simdjson::ondemand::array entries;
        if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
            document["resultaten"].get_array().get(entries) != simdjson::SUCCESS) {
            return tl::unexpected(unreadable("a batch has no resultaten"));
        }
        for (auto entry : entries) {
            simdjson::ondemand::object object;
            if (entry.get_object().get(object) != simdjson::SUCCESS)
                return tl::unexpected(unreadable("a batch is cut"));
            if (!read_entry(object, answers))
                return tl::unexpected(unreadable("an entry of a batch is not as it should be"));
        }
        return answers;
    }

  private:
    bool read_entry(simdjson::ondemand::object object, std::unordered_map<Uuid, CvAnswer, UuidHash>& answers) {
        std::string_view id_text;
        std::string_view result;
        if (object["cvId"].get_string().get(id_text) != simdjson::SUCCESS) return false;
        const auto id = Uuid::parse(id_text);
        if (!id || object["resultaat"].get_string().get(result) != simdjson::SUCCESS) return false;
        CvAnswer answer{CvAnswer::Kind::unknown, 0, {}, {}};
        if (result != "ONBEKEND" && object["versie"].get_uint64().get(answer.version) != simdjson::SUCCESS)
            return false;
        if (result == "VERDWENEN") answer.kind = CvAnswer::Kind::removed;
        if (result == "ONGEWIJZIGD") answer.kind = CvAnswer::Kind::unchanged;
        if (result == "GEVONDEN") {
            simdjson::ondemand::object cv;
            std::string_view json;
            if (object["cv"].get_object().get(cv) != simdjson::SUCCESS || cv.raw_json().get(json) != simdjson::SUCCESS)
                return false;
            auto read = flattener_.read(json);
            if (!read || read->cv != *id) return false;
            answer.kind = read->publication == Publication::open ? CvAnswer::Kind::document : CvAnswer::Kind::removed;
            answer.json = json;
            answer.flat = std::move(read->flat);
        }
        answers.insert_or_assign(*id, std::move(answer));
        return true;
    }

    DocumentFlattener flattener_;
};

}  // namespace

Error CvApi::refusal(const HttpResponse& response) {
    if (response.status == 410) return {ErrorCode::gone, describe(response), ""};
    if (response.status == 404) return {ErrorCode::not_found, describe(response), ""};
    return {ErrorCode::invalid_input, fmt::format("the API refuses the request ({})", describe(response)), ""};
}

Result<FeedPage> CvApi::page(const std::string& query) {
    HttpRequest request;
    request.url = base_ + "/kandidaten/bulk" + (query.empty() ? "" : "?" + query);
    request.fields = {"Accept: application/json"};
    // An answer that cannot be read may be a proxy's bad moment: it is asked again, a few times.
    for (int tries = 1;; ++tries) {
        const auto response = caller_.call(request);
        if (!response) return tl::unexpected(response.error());
        if (response->status != 200) return tl::unexpected(refusal(*response));
        auto page = read_page(*response);
        if (page || tries == 4) return page;
    }
}

Result<void> CvApi::documents(std::span<const Wanted> wanted, const Takers& takers) {
    std::vector<Wanted> left;
    if (has_batches_) {
        if (auto done = batches(wanted, takers, left); !done) return done;
    } else {
        left.assign(wanted.begin(), wanted.end());
    }
    return left.empty() ? Result<void>{} : details(left, takers);
}

Result<void> CvApi::batches(std::span<const Wanted> wanted, const Takers& takers, std::vector<Wanted>& left) {
    const std::size_t count = (wanted.size() + batch_size - 1) / batch_size;
    BatchReader reader;
    std::vector<std::vector<Wanted>> asked(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto part = wanted.subspan(i * batch_size, std::min(batch_size, wanted.size() - i * batch_size));
        asked[i].assign(part.begin(), part.end());
    }
    Caller::Work work;
    work.request = [&](std::size_t i) {
        HttpRequest request;
        request.method = "POST";
        request.url = base_ + "/kandidaten";
        request.fields = {"Accept: application/json", "Content-Type: application/json"};
        request.body = batch_body(asked[i]);
        return request;
    };
    work.give_up = [&](std::size_t i, const std::string&) {
        left.insert(left.end(), asked[i].begin(), asked[i].end());
    };
    work.accept = [&](std::size_t i, HttpResponse& response, std::string& why) {
        if (response.status != 200) {
            has_batches_ = false;
            work.give_up(i, "");
            return Caller::Outcome::done;
        }
        auto answers = reader.read(response.body);
        if (!answers) {
            why = answers.error().message;
            return Caller::Outcome::again;
        }
        std::vector<Wanted> missing;
        for (const auto& each : asked[i]) {
            const auto found = answers->find(each.cv);
            if (found == answers->end() || found->second.version < each.listed) {
                missing.push_back(each);
            } else {
                takers.take(each, std::move(found->second));
            }
        }
        asked[i] = std::move(missing);
        why = "the documents are older than the list";
        return asked[i].empty() ? Caller::Outcome::done : Caller::Outcome::again;
    };
    return caller_.call_all(count, work);
}

Result<std::string> api_base(const std::string& url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme) || url.size() == scheme.size() || url.find_first_of("?# ") != std::string::npos) {
        return fail(ErrorCode::invalid_input, "'" + url + "' is no address such as https://api.example.org; HTTPS only",
                    "--from");
    }
    auto base = url;
    while (base.back() == '/') base.pop_back();
    if (base.find('/', scheme.size()) == std::string::npos) base += base_path;
    return base;
}

std::string url_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                              c == '_' || c == '.' || c == '~';
        if (is_plain) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

}  // namespace cvstroom::mirror
