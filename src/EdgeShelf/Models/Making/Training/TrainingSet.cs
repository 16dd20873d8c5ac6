using System.Security.Cryptography;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Labelled pictures: a folder with one folder for each class, named as its label.</summary>
/// <param name="Labels">In the order of the names.</param>
/// <param name="Pictures">By class, then in name order, so that neighbours were taken together.</param>
/// <param name="Notes">What was left out, for people.</param>
sealed record TrainingSet(IReadOnlyList<ClassLabel> Labels, IReadOnlyList<ListedPicture> Pictures, IReadOnlyList<string> Notes)
{
    /// <summary>One to learn from and one to test on; ten or more make a class that can be relied on.</summary>
    public const int FewestPictures = 2;

    const int SmallestSide = 32;

    /// <exception cref="ConfigurationException">No classes, too few pictures, or pictures that cannot be learned from; every problem is told.</exception>
    public static TrainingSet Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ConfigurationException($"There is no folder {folder}.", "Name a folder with one folder of pictures for each class.");
        List<string> problems = [];
        List<string> notes = [];
        List<ListedPicture> pictures = [];
        Dictionary<string, ListedPicture> byHash = [];
        string[] classes = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        problems.AddRange(PictureList.Files(folder).Where(file => Path.GetDirectoryName(file) == folder.TrimEnd('/')).Select(file => $"{file} has no label: it is in no class's folder"));
        if (classes.Length < 2)
            problems.Add($"{folder} has {classes.Length} class folders; 2 or more are needed");
        for (int index = 0; index < classes.Length; index++)
        {
            int before = pictures.Count;
            foreach (string file in PictureList.Files(classes[index]))
                Add(new ListedPicture(file, index));
            if (pictures.Count - before < FewestPictures)
                problems.Add($"{classes[index]} has {pictures.Count - before} pictures; {FewestPictures} or more are needed, better 10");
        }

        if (PictureList.PassedOver(folder) is { } passedOver)
            (problems.Count > 0 ? problems : notes).Add($"{passedOver} {PictureFormat.Hint}");
        if (problems.Count > 0)
            throw new ConfigurationException(string.Join(Environment.NewLine, problems), "Correct or take out what is named, and try again.");
        return new TrainingSet([.. classes.Select((path, index) => Label(index, Path.GetFileName(path)))], pictures, notes);

        void Add(ListedPicture picture)
        {
            if (Problem(picture.Path) is { } problem)
            {
                problems.Add($"{picture.Path}: {problem}");
                return;
            }

            string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(picture.Path)));
            if (!byHash.TryGetValue(hash, out ListedPicture? twin))
            {
                byHash[hash] = picture;
                pictures.Add(picture);
            }
            else if (twin.Class == picture.Class)
                notes.Add($"{picture.Path} is the same as {twin.Path}: taken once.");
            else
                problems.Add($"{picture.Path} is the same as {twin.Path}, under another label");
        }
    }

    static ClassLabel Label(int index, string name) => new(index, name, name.Replace('-', ' '), null);

    static string? Problem(string path)
    {
        try
        {
            using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(path));
            (int width, int height) = picture.FullSize;
            return Math.Min(width, height) < SmallestSide ? $"it is {width} x {height} pixels; {SmallestSide} or more a side are needed" : null;
        }
        catch (PictureException problem)
        {
            return problem.Message;
        }
        catch (IOException problem)
        {
            return problem.Message;
        }
    }
}
