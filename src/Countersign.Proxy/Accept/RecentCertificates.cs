namespace Countersign.Proxy.Accept;

/// <summary>
/// The clients of a loop whose certificate was asked for last. Only theirs is kept taken apart, with the texts that variables have made
/// of it: of ten thousand idle clients that would be more than all else the loop holds of them. Who asks again has it made again.
/// </summary>
internal sealed class RecentCertificates
{
    private const int Most = 1024;

    private readonly Queue<Client> _clients = new();

    public void Add(Client client)
    {
        if (_clients.Count == Most)
        {
            _clients.Dequeue().ForgetCertificate();
        }
        _clients.Enqueue(client);
    }
}
