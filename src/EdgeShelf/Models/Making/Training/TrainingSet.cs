using System.Security.Cryptography;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Labelled pictures: a folder with one folder for each class, named as its label.</summary>
/// <param name="Labels">Classes, in the order of their names.</param>
/// <param name="Pictures">Pictures by class, then in name order. Neighbours are assumed to have been taken together.</param>
/// <param name="Notes">Messages about what was left out and why.</param>
sealed record TrainingSet(IReadOnlyList<ClassLabel> Labels, IReadOnlyList<ListedPicture> Pictures, IReadOnlyList<string> Notes)
{
    /// <summary>Smallest number of pictures of a class: one to learn from and one to test on. A reliable class needs ten or more.</summary>
    public const int FewestPictures = 2;

    const int SmallestSide = 32;

    /// <summary>Returns the same pictures with the classes of an existing model added: its labels first, then the new ones.</summary>
    public TrainingSet AddedTo(IReadOnlyList<ClassLabel> known)
    {
        List<ClassLabel> labels = [.. known];
        foreach (ClassLabel label in Labels.Where(label => known.All(other => other.Label != label.Label)))
            labels.Add(label with { Index = labels.Count });
        Dictionary<string, int> indices = labels.ToDictionary(label => label.Label, label => label.Index);
        return this with { Labels = labels, Pictures = [.. Pictures.Select(picture => picture with { Class = indices[Labels[picture.Class!.Value].Label] })] };
    }

    /// <summary>Reads the pictures that can be used for training, and reports those that cannot.</summary>
    /// <param name="fewestClasses">Smallest number of classes; one is enough if the model already knows others.</param>
    /// <exception cref="ConfigurationException">There are too few classes, or too few pictures of one; the message lists every problem.</exception>
    public static TrainingSet Read(string folder, int fewestClasses = 2)
    {
        if (!Directory.Exists(folder))
            throw new ConfigurationException($"There is no folder {folder}.", "Name a folder with one folder of pictures for each class.");
        List<string> problems = [];
        List<string> notes = [];
        PictureTree tree = PictureTree.Read(folder);
        if (tree.PassedOver.Count > 0)
            notes.Add($"Passed over: {string.Join(", ", tree.PassedOver.Select(path => LabelText.Show(Path.GetRelativePath(folder, path))))}.");
        notes.AddRange(tree.Files.Where(file => Relative(folder, file) is not [_, _, ..]).Select(file => $"Left out: {LabelText.Show(file)} has no label: it is in no class's folder."));
        IReadOnlyList<IGrouping<string, string>> classes = FindClasses(folder, problems);
        if (classes.Count < fewestClasses)
            problems.Add($"{folder} has {classes.Count} class folders; {fewestClasses} or more are needed");

        ILookup<string, string> files = tree.Files.ToLookup(file => Relative(folder, file) is [var first, _, ..] ? first : "");
        List<ListedPicture> pictures = [.. classes.SelectMany((label, index) => label.SelectMany(name => files[name]).Select(file => new ListedPicture(file, index)))];
        pictures = WithoutCopies([.. pictures.Where(picture => IsReadable(picture, notes))], notes);
        for (int index = 0; index < classes.Count; index++)
        {
            int count = pictures.Count(picture => picture.Class == index);
            if (count < FewestPictures)
                problems.Add($"{Path.Combine(folder, classes[index].Key)} has {count} pictures; {FewestPictures} or more are needed, better 10");
        }

        if (PictureList.PassedOver(folder) is { } passedOver)
            (problems.Count > 0 ? problems : notes).Add($"{passedOver} {PictureFormat.Hint}");
        if (problems.Count > 0)
            throw new ConfigurationException(string.Join(Environment.NewLine, problems.Concat(notes)), "Correct or take out what is named, and run the command again.");
        return new TrainingSet([.. classes.Select((label, index) => new ClassLabel(index, label.Key, label.Key.Replace('-', ' '), null))], pictures, notes);
    }

    static string[] Relative(string folder, string path) => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar);

    /// <summary>Returns the folders' names by label, in the order of the labels. Names that differ only in Unicode form are one label.</summary>
    static IReadOnlyList<IGrouping<string, string>> FindClasses(string folder, List<string> problems)
    {
        List<string> names = [.. Directory.GetDirectories(folder).Where(path => !PictureTree.IsForeign(path)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        problems.AddRange(names
            .Where(name => LabelText.Problem(LabelText.Clean(name)) is not null)
            .Select(name => $"The name of the folder {LabelText.Show(name)} {LabelText.Problem(LabelText.Clean(name))}: it cannot be a label"));
        return [.. names.GroupBy(LabelText.Clean).OrderBy(group => group.Key, StringComparer.Ordinal)];
    }

    static bool IsReadable(ListedPicture picture, List<string> notes)
    {
        if (Problem(picture.Path) is not { } problem)
            return true;
        notes.Add($"Left out: {LabelText.Show(picture.Path)}: {problem}");
        return false;
    }

    /// <summary>Returns each picture once. A picture with two labels is left out, because one of them is wrong.</summary>
    static List<ListedPicture> WithoutCopies(List<ListedPicture> pictures, List<string> notes)
    {
        List<ListedPicture> taken = [];
        foreach (List<ListedPicture> same in pictures.GroupBy(picture => Convert.ToHexStringLower(SHA256.HashData(NamedFile.ReadAllBytes(picture.Path)))).Select(group => group.ToList()))
        {
            string others = string.Join(", ", same.Skip(1).Select(copy => LabelText.Show(copy.Path)));
            if (same.Select(copy => copy.Class).Distinct().Count() > 1)
            {
                notes.Add($"Left out: {others} is the same picture as {LabelText.Show(same[0].Path)}, under another label.");
                continue;
            }

            taken.Add(same[0]);
            if (same.Count > 1)
                notes.Add($"{others} is the same as {LabelText.Show(same[0].Path)}: taken once.");
        }

        return taken;
    }

    static string? Problem(string path)
    {
        try
        {
            using Picture picture = PictureDecoder.Decode(NamedFile.ReadAllBytes(path));
            (int width, int height) = picture.FullSize;
            return Math.Min(width, height) < SmallestSide ? $"it is {width} x {height} pixels; {SmallestSide} or more a side are needed." : null;
        }
        catch (Exception problem) when (problem is PictureException or IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }
    }
}
