using System.Globalization;

namespace EdgeShelf.Models;

/// <summary>`labels.csv`: a header `index,label,name,sku` and a line a class, in any order. Fields hold no commas or quotes.</summary>
static class LabelsFile
{
    const string Header = "index,label,name,sku";

    /// <returns>In the order of the index, which counts from 0 without gaps.</returns>
    /// <exception cref="ConfigurationException">The file is missing or a line is wrong.</exception>
    public static IReadOnlyList<ClassLabel> Read(string path)
    {
        const string Hint = $"The file has a header `{Header}` and one line for each class of the network.";
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}", Hint, problem);
        }
        if (lines.Length == 0 || lines[0].Trim() != Header)
            throw new ConfigurationException($"{path} begins with \"{lines.FirstOrDefault()}\".", Hint);
        List<ClassLabel> labels = [];
        for (int line = 1; line < lines.Length; line++)
        {
            if (lines[line].Trim().Length == 0)
                continue;
            string[] fields = lines[line].Split(',');
            if (fields.Length != 4 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || fields[1].Trim().Length == 0)
                throw new ConfigurationException($"{path}, line {line + 1}: \"{lines[line]}\" is no `{Header}`.", Hint);
            labels.Add(new ClassLabel(index, fields[1].Trim(), fields[2].Trim(), fields[3].Trim() is { Length: > 0 } sku ? sku : null));
        }
        labels.Sort((a, b) => a.Index.CompareTo(b.Index));
        for (int index = 0; index < labels.Count; index++)
        {
            if (labels[index].Index != index)
                throw new ConfigurationException($"{path}: index {index} is missing or given twice.", Hint);
        }
        return labels;
    }
}
