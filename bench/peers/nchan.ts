/** nginx with nchan, configured to do what it can of the same; it is no program of ours, so this writes its configuration. */
export const nchanConfiguration = (folder: string, port: number, keepaliveSeconds: number): string => `
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile 20000;
error_log stderr crit;
pid ${folder}/pid;
# nginx ends idle connections when a sixteenth of these is left
events { worker_connections 24000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/sign/(.+)$ {
      nchan_subscriber websocket;
      nchan_channel_id $1;
      nchan_websocket_ping_interval ${keepaliveSeconds};
    }
    location ~ ^/publish/(.+)$ {
      nchan_publisher http;
      nchan_channel_id $1;
    }
    location / { return 200; }
  }
}
`
