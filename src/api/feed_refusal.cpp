#include "api/feed_refusal.hpp"

#include "api/parameters.hpp"

namespace cvstroom::api {

http::Response refuse_position(const Call& call, const Error& error) {
    if (error.code == ErrorCode::invalid_input) return bad_parameter(call, error);
    if (error.code != ErrorCode::gone) return failure(call, error);
    return call.answer(
        {410,
         "cvstroom:historyGone",
         {"Historiek vervallen", "Historique expiré", "Gone"},
         local_text("{}. Begin opnieuw: vraag {}/kandidaten/bulk zonder parameters, vervang uw kopie door "
                    "het geheel en ga verder met 'vervolg'.",
                    "{}. Recommencez: demandez {}/kandidaten/bulk sans paramètres, remplacez votre copie "
                    "par le tout et continuez avec 'vervolg'.",
                    "{}. Start over: ask {}/kandidaten/bulk without parameters, replace your copy by the "
                    "whole and go on with 'vervolg'.",
                    error.message, base_path),
         {},
         {}});
}

}  // namespace cvstroom::api
