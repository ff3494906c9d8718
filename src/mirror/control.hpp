// Reconciliation by digests (SPEC 5, /kandidaten/bulk/controle): what both sides say of a set of CVs.
//
// The digest of a set of (cvId, versie) is the sum, modulo 2^128, of the first 16 bytes of SHA-256(id as 16 bytes ‖
// version as 8 bytes, big-endian), each read as a big-endian number: 32 hex digits. It does not depend on any order,
// and a set's digest is the sum of its parts'.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cv_api.hpp"

namespace cvstroom::mirror {

struct CvVersion {
    Uuid cv;
    Version version = 0;
    auto operator<=>(const CvVersion&) const = default;
};

class SetDigest {
  public:
    void add(const CvVersion& member);
    std::string to_hex() const;

  private:
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

struct ControlBucket {
    std::string prefix;  // hex digits of the ids in it
    std::uint64_t count = 0;
    std::string digest;
};

// Of one prefix: 16 buckets, or where there are few, the CVs themselves.
struct ControlAnswer {
    ControlBucket whole;
    std::string epoch;
    std::vector<ControlBucket> buckets;
    std::vector<CvVersion> cvs;
    bool has_cvs = false;
};

// At the instant `at`. `not_found` when the API has no such call; else the errors of CvApi::page.
Result<ControlAnswer> ask_control(CvApi& api, const std::string& at, const std::string& prefix);

// The members whose id begins with these hex digits. Pre: `sorted` is ascending.
std::span<const CvVersion> with_prefix(std::span<const CvVersion> sorted, std::string_view prefix);
ControlBucket summarize(std::span<const CvVersion> members, std::string prefix);

}  // namespace cvstroom::mirror
