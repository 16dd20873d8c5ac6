using System.Text;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture;

/// <summary>
/// Records on disk which file of a picture folder is being worked on. A file that ends the service would otherwise be taken again at each
/// start: the second time that the service ended while it had the same picture in hand, the picture is set aside. Frames of a live camera
/// are not recorded, because the next one is another picture.
/// </summary>
/// <remarks>All members are for the worker, which has one picture in hand at a time.</remarks>
/// <param name="folder">The state directory.</param>
sealed class PictureInHand(string folder, ILogger<PictureInHand> log) : IDisposable
{
    /// <summary>The number of times that a picture may end the service before it is set aside.</summary>
    public const int Allowed = 2;

    const string NoteName = "picture-in-hand";
    const int NoteLength = 1024;

    readonly PicturesSetAside _aside = new(Path.Combine(folder, "pictures-set-aside.json"));
    FileStream? _note;
    bool _isForgetful;
    bool _isNoted;

    /// <summary>Reads what the last run left. If it ended with a picture in hand, that counts against the picture.</summary>
    public void Open()
    {
        if (_note is not null)
            return;
        Try(() =>
        {
            Directory.CreateDirectory(folder);
            _aside.Load();
            // The lock keeps a second service on the same state directory from taking this one's picture for its own.
            FileStream note = new(Path.Combine(folder, NoteName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                Judge(note);
            }
            catch
            {
                note.Dispose();
                throw;
            }
            _note = note;
            _isForgetful = false;
        });
    }

    /// <summary>Begins the work on a picture. Disposing of the returned object ends it.</summary>
    /// <exception cref="CaptureException">`picture-set-aside`: the service ended twice while it worked on this picture.</exception>
    public IDisposable Enter(Frame frame)
    {
        if (frame.Name is not { } name)
            return new Work(null);
        Open();
        if (_aside.TimesOf(frame.Sha256) >= Allowed)
            throw new CaptureException(
                "picture-set-aside", $"{PlainText.Shown(name)} is left out, because the service ended {Allowed} times while it worked on this picture.",
                "Remove the file or save the picture in another way. `edgeshelf classify FILE` shows what happens to it.");
        // Write it in place: the hash is in the first sector, so it is there whole or not at all, and the card is spared a new file for each picture.
        Try(() => Write($"{frame.Sha256} {PlainText.Shown(name)}", isDurable: true));
        _isNoted = true;
        return new Work(() => Leave(frame.Sha256));
    }

    /// <summary>Ends the work on a picture that a stop has interrupted: a stop is not the picture's fault.</summary>
    public void Dispose()
    {
        if (_isNoted)
            Try(Clear);
        _note?.Dispose();
        _note = null;
    }

    void Leave(string sha256) => Try(() =>
    {
        _isNoted = false;
        Clear();
        _aside.Remove(sha256);
    });

    // Not flushed. If a power cut brings the note back, one end is counted against a picture that did nothing, and its next success removes it.
    void Clear() => Write("", isDurable: false);

    void Judge(FileStream note)
    {
        byte[] bytes = new byte[NoteLength];
        int read = RandomAccess.Read(note.SafeFileHandle, bytes, 0);
        string[] fields = Encoding.UTF8.GetString(bytes.AsSpan(0, read)).TrimEnd().Split(' ', 2);
        if (fields is not [{ Length: 64 } sha256, var name])
            return;
        int times = _aside.Add(sha256, name);
        Write(note, "", isDurable: true);
        if (times < Allowed)
            log.ServiceEndedWithPicture(name);
        else
            log.PictureSetAside(name, times);
    }

    void Write(string text, bool isDurable)
    {
        if (_note is not null)
            Write(_note, text, isDurable);
    }

    static void Write(FileStream note, string text, bool isDurable)
    {
        byte[] bytes = new byte[NoteLength];
        Array.Fill(bytes, (byte)' ');
        Encoding.UTF8.GetBytes(text, bytes);
        RandomAccess.Write(note.SafeFileHandle, bytes, 0);
        if (isDurable)
            RandomAccess.FlushToDisk(note.SafeFileHandle);
    }

    /// <summary>A full or read-only disk must not stop the captures. It is logged once.</summary>
    void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_isForgetful)
                log.PictureIsNotRecorded(problem.Message);
            _isForgetful = true;
        }
    }

    sealed class Work(Action? end) : IDisposable
    {
        public void Dispose() => end?.Invoke();
    }
}
