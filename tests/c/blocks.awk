# The code blocks of one language of a page: -v language=python.
$0 == "```" language { inside = 1; next }
/^```$/ { inside = 0 }
inside
