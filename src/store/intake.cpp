#include "store/intake.hpp"

#include "candidate/canonical.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::store {

tl::expected<Write, std::vector<candidate::Fault>> Intake::prepare(std::string_view json) {
    auto candidate = parser_.parse(json);
    if (!candidate) return tl::unexpected(std::move(candidate.error()));
    if (candidate->status == candidate::Status::erased) return make_erasure(candidate->id, candidate->changed_on);
    const std::string canonical = candidate::to_canonical(*candidate);
    Write write;
    write.cv = candidate->id;
    write.status = candidate->status;
    write.changed_on = candidate->changed_on;
    write.document = compress_document(canonical);
    write.digest = sha256(canonical);
    write.lists_revision = lists_revision_;
    return write;
}

Write make_erasure(const Uuid& cv, Date today) {
    Write write;
    write.cv = cv;
    write.status = candidate::Status::erased;
    write.changed_on = today;
    return write;
}

}  // namespace cvstroom::store
