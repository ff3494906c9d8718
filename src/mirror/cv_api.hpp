// The partner's calls of the CV API (SPEC 3 and 5) as typed values. Dutch names of the wire stand in cv_api.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/caller.hpp"
#include "mirror/flat_cv.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

// A line of the feed.
struct ListedCv {
    Uuid cv;
    Publication publication{};
    Version version = 0;     // 0: the API gives none
    std::string changed_at;  // empty: the API gives none
};

struct FeedPage {
    std::vector<ListedCv> cvs;
    std::uint64_t total = 0;    // of the whole window
    std::string cursor;         // vervolg; empty: the API gives none
    std::string epoch;          //
    std::string covered_until;  // gedektTot
    bool is_last = false;       // no entries of this window follow
    std::string server_date;    // the answer's Date field
};

// What became of one asked CV.
struct CvAnswer {
    enum class Kind { document, unchanged, removed, unknown };
    Kind kind{};
    Version version = 0;
    std::string json;
    FlatCv flat;
};

// One thread at a time.
class CvApi {
  public:
    // `base`: "https://host/services/openservices/v1". The caller must outlive it.
    CvApi(Caller& caller, std::string base) : caller_(caller), base_(std::move(base)) {}

    // One page of /kandidaten/bulk. `query` stands after the '?', encoded. Errors: those of Caller::call; `gone` (410),
    // `invalid_input` (another 4xx), `corrupt` (an answer that cannot be read).
    Result<FeedPage> page(const std::string& query);

    // Asks for `wanted`, many at a time (POST /kandidaten), each with the version that is held (0: none). `take` gets
    // one answer for each, in any order; `give_up` those that could not be learnt. Where the API has no such call, or
    // does not answer it as it should, one detail call each is made. A CV whose answered version is older than `listed`
    // is asked again: the feed may be ahead of the details for a moment.
    struct Wanted {
        Uuid cv;
        Version listed = 0;
        Version held = 0;
    };
    struct Takers {
        std::function<void(const Wanted&, CvAnswer)> take;
        std::function<void(const Wanted&, const std::string& why)> give_up;
    };
    Result<void> documents(std::span<const Wanted> wanted, const Takers& takers);
    // The same with one detail call each, and nothing that the seed's API does not have.
    Result<void> details(std::span<const Wanted> wanted, const Takers& takers);

    const std::string& base() const { return base_; }
    Caller& caller() { return caller_; }
    // The error that a final answer other than 200 stands for.
    static Error refusal(const HttpResponse& response);

  private:
    Result<void> batches(std::span<const Wanted> wanted, const Takers& takers, std::vector<Wanted>& left);

    Caller& caller_;
    std::string base_;
    bool has_batches_ = true;
};

// "https://host:port" or with a path: without one, the CV API's own is added. invalid_input when it is no https URL.
Result<std::string> api_base(const std::string& url);

std::string url_encoded(std::string_view text);

}  // namespace cvstroom::mirror
