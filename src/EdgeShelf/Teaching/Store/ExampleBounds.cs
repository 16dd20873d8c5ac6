using System.Numerics.Tensors;

namespace EdgeShelf.Teaching.Store;

/// <summary>
/// Chooses what to drop where there are too many examples: the one that is most like another of its label, because it adds the least. The
/// last example of a place is never dropped. Of two that are alike the older one goes, because packages and light change.
/// </summary>
static class ExampleBounds
{
    /// <returns>The ids to drop, in the order in which they were chosen.</returns>
    /// <exception cref="TeachingException">The bounds of all examples are exceeded, and each example is the last one of its place.</exception>
    public static IReadOnlyList<long> Choose(IReadOnlyList<TaughtExample> examples, TeachingOptions options)
    {
        List<TaughtExample> kept = [.. examples];
        List<long> dropped = [];
        Dictionary<string, Redundancies> known = [];
        foreach (string label in kept.GroupBy(example => example.Label).Where(group => group.Count() > options.MaxPerProduct).Select(group => group.Key).ToArray())
        {
            while (kept.Count(example => example.Label == label) > options.MaxPerProduct && MostRedundant([label]) is { } drop)
                Drop(drop);
        }

        long bytes = kept.Sum(example => example.Bytes);
        while (kept.Count > options.MaxExamples || bytes > options.MaxBytes)
        {
            TaughtExample drop = MostRedundant(kept.Select(example => example.Label).Distinct()) ?? throw new TeachingException(
                TeachingException.Full,
                $"{kept.Count} examples of {bytes >> 20} MB would be kept; {options.MaxExamples} and {options.MaxBytes >> 20} MB are allowed, and each of them is the only one of its product in its place.",
                "Remove products that are not sold any more, or raise Teaching:MaxExamples and Teaching:MaxBytes.");
            bytes -= drop.Bytes;
            Drop(drop);
        }
        return dropped;

        void Drop(TaughtExample example)
        {
            kept.Remove(example);
            dropped.Add(example.Id);
            known[example.Label].Remove(example);
        }

        TaughtExample? MostRedundant(IEnumerable<string> labels)
        {
            (TaughtExample Example, double Likeness)? most = null;
            foreach (string label in labels)
            {
                if (!known.TryGetValue(label, out Redundancies? redundancies))
                    known[label] = redundancies = new Redundancies([.. kept.Where(example => example.Label == label)]);
                if (redundancies.Most is { } candidate && !(candidate.Likeness <= most?.Likeness))
                    most = candidate;
            }
            return most?.Example;
        }
    }

    /// <summary>The examples of one label, and how alike they are.</summary>
    sealed class Redundancies
    {
        readonly List<TaughtExample> _examples;
        readonly Dictionary<(long, long), double> _likeness = [];

        public Redundancies(List<TaughtExample> examples)
        {
            // In the order of ids, so that of a pair the older one is found first.
            _examples = [.. examples.OrderBy(example => example.Id)];
            float[][] values = [.. _examples.Select(example => example.Descriptor.ToValues())];
            for (int i = 0; i < values.Length; i++)
            {
                for (int k = i + 1; k < values.Length; k++)
                {
                    // Descriptors of different models cannot be compared.
                    double likeness = _examples[i].Model == _examples[k].Model && values[i].Length == values[k].Length ? TensorPrimitives.CosineSimilarity(values[i], values[k]) : -1;
                    _likeness[(_examples[i].Id, _examples[k].Id)] = likeness;
                }
            }
        }

        public void Remove(TaughtExample example) => _examples.RemoveAll(other => other.Id == example.Id);

        /// <summary>The most redundant example that is not the last one of its place, or null if there is none.</summary>
        public (TaughtExample Example, double Likeness)? Most
        {
            get
            {
                (TaughtExample, double)? most = null;
                foreach (TaughtExample example in _examples.Where(example => _examples.Any(other => other.Id != example.Id && other.Slot == example.Slot)))
                {
                    double likeness = _examples.Where(other => other.Id != example.Id)
                        .Max(other => _likeness[(Math.Min(example.Id, other.Id), Math.Max(example.Id, other.Id))]);
                    if (most is null || likeness > most.Value.Item2)
                        most = (example, likeness);
                }
                return most;
            }
        }
    }
}
