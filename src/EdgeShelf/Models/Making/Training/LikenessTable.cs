using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Measures how similar each training picture is to the kept examples of other visits.</summary>
sealed class LikenessTable
{
    /// <summary>Largest number of kept examples of one class, and of all classes together. 2,048 examples of 512 features take 2 MB.</summary>
    const int MostOfAClass = 32;
    const int Most = 2048;

    readonly IReadOnlyList<ScoredPicture> _scores;
    readonly int[] _folds;
    readonly IReadOnlyList<int> _kept;

    public LikenessTable(IReadOnlyList<ScoredPicture> scores, int[] folds)
    {
        (_scores, _folds) = (scores, folds);
        _kept = Choose([.. scores.Select(score => score.Picture.Class!.Value)]);
        Prototypes = Prototypes.Of([.. _kept.Select(index => scores[index].Features!)], [.. _kept.Select(ClassOf)]);
    }

    /// <summary>Chooses the training pictures to keep, evenly spread over those of each class.</summary>
    /// <param name="classes">The class of each picture.</param>
    /// <returns>Positions of the kept pictures.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<int> classes)
    {
        int[][] byClass = [.. Enumerable.Range(0, classes.Count).GroupBy(index => classes[index]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        int each = Math.Clamp(Most / byClass.Length, 1, MostOfAClass);
        return [.. byClass.SelectMany(positions => PictureList.Spread(positions, each))];
    }

    /// <summary>The examples that are stored in the model.</summary>
    public Prototypes Prototypes { get; }

    /// <summary>Returns the class and the similarity of the nearest picture of another visit.</summary>
    public (int Class, double Likeness)[] Own() => Each((picture, example) => _folds[example] != _folds[picture]);

    /// <summary>Returns the class and the similarity of the nearest picture of another product.</summary>
    public (int Class, double Likeness)[] Foreign() => Each((picture, example) => ClassOf(example) != ClassOf(picture));

    /// <summary>Returns the similarity to the nearest picture whose class is in another group.</summary>
    public double ToOtherGroups(int picture, Func<int, int> groupOf) =>
        Prototypes.Nearest(_scores[picture].Features, kept => groupOf(ClassOf(_kept[kept])) != groupOf(ClassOf(picture))).Likeness;

    int ClassOf(int picture) => _scores[picture].Picture.Class!.Value;

    (int Class, double Likeness)[] Each(Func<int, int, bool> counts)
    {
        (int Class, double Likeness)[] nearest = new (int, double)[_scores.Count];
        Parallel.For(0, nearest.Length, picture =>
        {
            (int example, double likeness) = Prototypes.Nearest(_scores[picture].Features, kept => counts(picture, _kept[kept]));
            nearest[picture] = (example < 0 ? -1 : ClassOf(_kept[example]), likeness);
        });
        return nearest;
    }
}
