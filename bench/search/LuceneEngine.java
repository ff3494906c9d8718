// Apache Lucene 8 as a good engineer would use it for this job, behind standard input and output.
//
// Documents stand newest first in one segment, so a page is the first matches that a collector sees and needs no
// sorting; every clause is a filter, so nothing is scored; totals are exact. A search for one word takes its total from
// the term dictionary and stops when the page is full. The query cache is off: the benchmark repeats its queries, and
// would measure the cache.
//
//   java -cp … LuceneEngine load <words file> <index folder>
//   java -cp … LuceneEngine serve <index folder>      reads queries, a line each (see queries.hpp); answers each with
//                                                      nanoseconds, total, and the seqs of the page
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

public final class LuceneEngine {
    private static final String WORDS = "w";
    private static final String SEQ = "seq";

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("load")) {
            load(Paths.get(arguments[1]), Paths.get(arguments[2]));
        } else {
            serve(Paths.get(arguments[1]));
        }
    }

    private static void load(Path words, Path folder) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
        config.setMergePolicy(new LogDocMergePolicy()); // merges neighbours only: documents stay in order
        config.setRAMBufferSizeMB(512);
        try (IndexWriter writer = new IndexWriter(new MMapDirectory(folder), config);
                BufferedReader reader = Files.newBufferedReader(words, StandardCharsets.UTF_8)) {
            FieldType wordType = new FieldType();
            wordType.setIndexOptions(IndexOptions.DOCS);
            wordType.setOmitNorms(true);
            wordType.freeze();
            for (String line; (line = reader.readLine()) != null; ) {
                int tab = line.indexOf('\t');
                long seq = Long.parseLong(line.substring(0, tab));
                Document document = new Document();
                for (String word : line.substring(tab + 1).split(" ")) document.add(new Field(WORDS, word, wordType));
                document.add(new NumericDocValuesField(SEQ, seq));
                document.add(new LongPoint(SEQ, seq));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    private static Query clause(String words) {
        String[] each = words.split(" ");
        if (each.length == 1) return new TermQuery(new Term(WORDS, each[0]));
        List<BytesRef> terms = new ArrayList<>();
        for (String word : each) terms.add(new BytesRef(word));
        if (each.length > 16) return new ConstantScoreQuery(new TermInSetQuery(WORDS, terms));
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (BytesRef term : terms) any.add(new TermQuery(new Term(WORDS, term)), BooleanClause.Occur.SHOULD);
        return any.build();
    }

    private static Query query(String[] parts) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        String[] clauses = parts[3].split(";");
        String excluded = parts.length > 4 ? parts[4] : "";
        long from = Long.parseLong(parts[2]);
        if (clauses.length == 1 && excluded.isEmpty() && from == 0) return clause(clauses[0]);
        for (String words : clauses) all.add(clause(words), BooleanClause.Occur.FILTER);
        if (!excluded.isEmpty()) {
            for (String word : excluded.split(" ")) {
                all.add(new TermQuery(new Term(WORDS, word)), BooleanClause.Occur.MUST_NOT);
            }
        }
        if (from > 0) {
            all.add(
                    new IndexOrDocValuesQuery(
                            LongPoint.newRangeQuery(SEQ, from, Long.MAX_VALUE),
                            NumericDocValuesField.newSlowRangeQuery(SEQ, from, Long.MAX_VALUE)),
                    BooleanClause.Occur.FILTER);
        }
        return all.build();
    }

    // Counts every match, and keeps those of the page; when the total is known, it stops after the page.
    private static final class Page extends SimpleCollector {
        final long offset;
        final int count;
        final boolean stops;
        final int[] documents;
        long total = 0;
        int kept = 0;
        private int base;

        Page(long offset, int count, boolean stops) {
            this.offset = offset;
            this.count = count;
            this.stops = stops;
            this.documents = new int[count];
        }

        @Override
        protected void doSetNextReader(LeafReaderContext context) {
            base = context.docBase;
        }

        @Override
        public void collect(int document) {
            if (total++ < offset) return;
            if (kept < count) {
                documents[kept++] = base + document;
            } else if (stops) {
                throw new CollectionTerminatedException();
            }
        }

        @Override
        public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }
    }

    private static void serve(Path folder) throws IOException {
        DirectoryReader reader = DirectoryReader.open(new MMapDirectory(folder));
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, "UTF-8");
        out.println("ready " + reader.leaves().size());
        out.flush();
        for (String line; (line = in.readLine()) != null; ) {
            if (line.isEmpty()) { // the end of a batch
                out.println();
                out.flush();
                continue;
            }
            String[] parts = line.split("\t", -1);
            long offset = Long.parseLong(parts[0]);
            int count = Integer.parseInt(parts[1]);
            Query query = query(parts);
            long begin = System.nanoTime();
            boolean isTerm = query instanceof TermQuery;
            Page page = new Page(offset, count, isTerm);
            long total = isTerm ? searcher.count(query) : 0;
            searcher.search(query, page);
            if (!isTerm) total = page.total;
            long[] seqs = new long[page.kept];
            if (page.kept > 0) {
                NumericDocValues values = reader.leaves().get(0).reader().getNumericDocValues(SEQ);
                for (int i = 0; i < page.kept; ++i) {
                    values.advanceExact(page.documents[i]);
                    seqs[i] = values.longValue();
                }
            }
            long end = System.nanoTime();
            StringBuilder answer = new StringBuilder().append(end - begin).append(' ').append(total);
            for (long seq : seqs) answer.append(' ').append(seq);
            out.println(answer);
        }
    }
}
