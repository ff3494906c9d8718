// What the client accepts: content coding and language (RFC 9110 §12.5).
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cvstroom::http {

enum class Coding { identity, gzip, zstd };
std::string_view name(Coding coding);

// The best coding that `accept_encoding` allows; by weight, then zstd before gzip before identity. Identity is never
// refused to the point of failing: when even "identity;q=0" leaves nothing else, identity is used. Empty: identity.
Coding choose_coding(std::string_view accept_encoding);

// Does an Accept field name exactly this media type ("application/x-ndjson"), with a weight above 0? A range with
// wildcards does not: it asks for nothing in particular.
bool names_media_type(std::string_view accept, std::string_view type);

enum class Language { dutch, french, english };
std::string_view tag(Language language);  // "nl"

// The best of the three; Dutch when the field is absent or names none of them (SPEC 1). "fr-BE" counts as French.
Language choose_language(std::string_view accept_language);

// Compresses the body when the client accepts it and it is worth it (at least `least` bytes); sets Content-Encoding
// and Vary, and marks a strong ETag with the coding ("7" becomes "7-gzip", RFC 9110 §8.8.3).
// Leaves a response that already has a Content-Encoding alone.
void encode_body(Response& response, Coding coding, std::size_t least = 1024);

}  // namespace cvstroom::http
