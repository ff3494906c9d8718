// Generated documents, as bytes and as valid Candidates.
#pragma once

#include <gtest/gtest.h>
#include <algorithm>

#include <string>
#include <vector>

#include "candidate/parse.hpp"
#include "reference/reference.hpp"
#include "sandbox/generator.hpp"

namespace cvstroom::sandbox::test {

inline const std::filesystem::path data_folder = std::filesystem::path(CVSTROOM_SOURCE_DIR) / "data";

inline const Generator& generator() {
    static const auto made = Generator::load(data_folder, 1).value();
    return *made;
}

inline const reference::ReferenceData& codes() {
    static const auto data = reference::ReferenceData::load(data_folder).value();
    return *data;
}

inline std::string document(const Generator& from, std::uint64_t number) {
    std::string text;
    from.append(number, text);
    return text;
}

inline std::string document(std::uint64_t number) {
    return document(generator(), number);
}

// Fails the test, with every fault, when the document is not valid.
inline candidate::Candidate parse(std::string_view text) {
    static candidate::Parser parser(codes());
    auto parsed = parser.parse(text);
    if (parsed) return std::move(*parsed);
    for (const auto& fault : parsed.error()) ADD_FAILURE() << fault.pointer << ": " << fault.message << " in " << text;
    return {};
}

// Numbers far apart, so that early and late documents are among them. Made once for all tests.
inline const std::vector<candidate::Candidate>& candidates() {
    constexpr std::uint64_t count = 4000;
    constexpr std::uint64_t stride = 251;
    static const auto made = [] {
        std::vector<candidate::Candidate> all;
        for (std::uint64_t i = 0; i < count; ++i) all.push_back(parse(document(i * stride)));
        return all;
    }();
    return made;
}

inline bool has_diploma(const candidate::Candidate& cv, std::string_view code) {
    if (!cv.educations) return false;
    return std::ranges::any_of(*cv.educations, [&](const auto& e) { return e.type == "studie" && e.name == code; });
}

// As the search matches: the region itself and all that lies inside it.
inline bool wishes_for(const candidate::Candidate& cv, std::string_view region) {
    if (!cv.wanted_job || !cv.wanted_job->regions) return false;
    const auto inside = codes().list(candidate::CodeKind::region).with_descendants(region);
    return std::ranges::any_of(*cv.wanted_job->regions,
                               [&](const auto& code) { return std::ranges::find(inside, code) != inside.end(); });
}

inline bool matches_seed_search(const candidate::Candidate& cv) {
    return has_diploma(cv, "MAE5AHH") && wishes_for(cv, "BE231A");
}

// In the ranges and domains of data/telefoonreeksen.tsv and data/email_domeinen.tsv.
inline void expect_safe_contacts(const candidate::Person& person) {
    const auto is_in_range = [](const std::string& phone) {
        return (phone.starts_with("+32400") && phone.size() == 12) ||
               (phone.starts_with("0400") && phone.size() == 10) ||
               (phone.starts_with("+3363998") && phone.size() == 12) ||
               (phone.starts_with("+447700900") && phone.size() == 13);
    };
    const auto is_example = [](std::string_view host) {
        for (const char* domain : {"example.org", "example.com", "example.net", ".example", ".test", ".invalid"}) {
            if (host.ends_with(domain)) return true;
        }
        return false;
    };
    if (person.mobile_phone) {
        EXPECT_TRUE(is_in_range(*person.mobile_phone)) << *person.mobile_phone;
    }
    EXPECT_FALSE(person.phone);
    if (person.email) {
        EXPECT_TRUE(is_example(person.email->substr(person.email->find('@') + 1))) << *person.email;
    }
    if (person.website) {
        constexpr std::string_view scheme = "https://";
        ASSERT_TRUE(person.website->starts_with(scheme)) << *person.website;
        const auto host =
            person.website->substr(scheme.size(), person.website->find('/', scheme.size()) - scheme.size());
        EXPECT_TRUE(is_example(host)) << *person.website;
    }
}

}  // namespace cvstroom::sandbox::test
