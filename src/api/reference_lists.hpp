// The reference API (SPEC 6): the code lists that documents and criteria use, each a bare JSON array.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/call.hpp"
#include "base/lru_cache.hpp"
#include "reference/keyword_index.hpp"

namespace cvstroom::api {

// The list that a path names ("/services/openservices/v2/diplomas", "/services/openservices/v1/talen"); nothing when it
// names none.
std::optional<std::string_view> list_of_path(std::string_view path);

// Keeps whole lists as they were last sent, and what it takes to find codes by keyword, for as long as the lists stay
// the same. Thread-safe.
class ReferenceResource {
  public:
    // `services` must outlive the resource.
    explicit ReferenceResource(const Services& services);

    // `list` names one of the lists. `trefwoord` asks for the ten best, without it the whole list comes.
    http::Response get(const Call& call, std::string_view list);

  private:
    // What was made of one state of the lists.
    struct Prepared {
        std::shared_ptr<const reference::ReferenceData> lists;
        std::mutex mutex;
        std::map<std::string, std::unique_ptr<const reference::KeywordIndex>, std::less<>> keywords;
        LruCache<std::string, http::Response> whole;  // encoded bodies with their fields

        explicit Prepared(std::shared_ptr<const reference::ReferenceData> from);
        const reference::KeywordIndex& keyword_index(const reference::CodeList& list);
    };

    std::shared_ptr<Prepared> prepared();
    http::Response whole_list(const Call& call, Prepared& prepared, const reference::CodeList& list, Date today);
    http::Response best_matches(const Call& call, Prepared& prepared, const reference::CodeList& list,
                                std::string_view keyword, Date today);

    const Services& services_;
    std::mutex mutex_;
    std::shared_ptr<Prepared> prepared_;
};

}  // namespace cvstroom::api
